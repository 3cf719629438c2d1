-- The telephone system: telephones as members of queues, rules of dialling, who may listen to agents, and what is
-- remembered of agents and queues over restarts.

PRAGMA user_version = 9;

ALTER TABLE profile ADD COLUMN may_listen INTEGER NOT NULL DEFAULT 0 CHECK (may_listen IN (0, 1));
UPDATE profile SET may_listen = 1 WHERE name = 'Supervisor';

-- Telephones that a queue calls, whoever sits there.
CREATE TABLE queue_line (
    queue_id INTEGER NOT NULL REFERENCES queue (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    line_id INTEGER NOT NULL REFERENCES line (id) DEFERRABLE INITIALLY DEFERRED,
    penalty INTEGER NOT NULL CHECK (penalty BETWEEN 0 AND 100),
    PRIMARY KEY (queue_id, line_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_line_line ON queue_line (line_id);

CREATE TRIGGER queue_line_added AFTER INSERT ON queue_line BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', NEW.queue_id);
END;
CREATE TRIGGER queue_line_edited AFTER UPDATE ON queue_line BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', NEW.queue_id);
END;
CREATE TRIGGER queue_line_removed AFTER DELETE ON queue_line BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', OLD.queue_id);
END;

-- How a number becomes what the dial plan wants: the first rule whose prefix and context fit.
CREATE TABLE dial_rule (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    position INTEGER NOT NULL CHECK (position > 0),
    -- What the number begins with, as it is written without separators: `+33`; empty: any number.
    prefix TEXT NOT NULL CHECK (length(prefix) <= 40 AND prefix NOT GLOB '*[^0-9+*#]*'),
    -- So many characters are taken off its beginning.
    strip INTEGER NOT NULL CHECK (strip BETWEEN 0 AND 40),
    -- And this is put there.
    add_text TEXT NOT NULL CHECK (length(add_text) <= 40 AND add_text NOT GLOB '*[^0-9+*#]*'),
    -- NULL: whatever the caller's context.
    context_id INTEGER REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX dial_rule_context ON dial_rule (context_id);

CREATE TRIGGER dial_rule_added AFTER INSERT ON dial_rule BEGIN
    INSERT INTO change (kind, id) VALUES ('dial_rule', NEW.id);
END;
CREATE TRIGGER dial_rule_edited AFTER UPDATE ON dial_rule BEGIN
    INSERT INTO change (kind, id) VALUES ('dial_rule', NEW.id);
END;
CREATE TRIGGER dial_rule_removed AFTER DELETE ON dial_rule BEGIN
    INSERT INTO change (kind, id) VALUES ('dial_rule', OLD.id);
END;

-- State, as in V1 neither audited nor in change, without foreign keys: the store drops what is left behind.

-- Agents who are logged in, and where.
CREATE TABLE agent_login (
    agent_id INTEGER PRIMARY KEY,
    extension TEXT NOT NULL CHECK (length(extension) BETWEEN 1 AND 40),
    context TEXT NOT NULL CHECK (length(context) BETWEEN 1 AND 128),
    -- The telephone: `PJSIP/101`.
    device TEXT NOT NULL CHECK (length(device) BETWEEN 1 AND 160),
    -- Unix time.
    since REAL NOT NULL
) STRICT;

-- The queues in which an agent is paused, and why.
CREATE TABLE agent_pause (
    agent_id INTEGER NOT NULL,
    queue_id INTEGER NOT NULL,
    reason TEXT NOT NULL CHECK (length(reason) <= 128),
    PRIMARY KEY (agent_id, queue_id)
) STRICT, WITHOUT ROWID;

-- Queues that an agent joined, or left, at work: what the settings do not say.
CREATE TABLE agent_membership (
    agent_id INTEGER NOT NULL,
    queue_id INTEGER NOT NULL,
    is_member INTEGER NOT NULL CHECK (is_member IN (0, 1)),
    PRIMARY KEY (agent_id, queue_id)
) STRICT, WITHOUT ROWID;

-- Calls that came into queues, for the figures of a time window (telephony §7.3).
CREATE TABLE queue_call (
    unique_id TEXT NOT NULL CHECK (length(unique_id) BETWEEN 1 AND 160),
    queue_id INTEGER NOT NULL,
    -- Unix time of the join.
    at REAL NOT NULL,
    -- Once it waits no more.
    hold_seconds INTEGER CHECK (hold_seconds >= 0),
    -- The member who answered.
    picker TEXT CHECK (length(picker) BETWEEN 1 AND 160),
    talk_seconds INTEGER CHECK (talk_seconds >= 0),
    PRIMARY KEY (unique_id, queue_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_call_at ON queue_call (at);
