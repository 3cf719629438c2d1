-- The schema of ctibox: configuration, state, change and audit. What the types of src/settings would never hold, the
-- checks here refuse. A landed migration never changes; the next one is V2__….sql and raises user_version.

-- "ctib" in ASCII. Both numbers stand in the file's header, where they are read before the file is opened.
PRAGMA application_id = 1668573538;
PRAGMA user_version = 1;

-- Configuration -------------------------------------------------------------------------------------------------------
-- A reference from one object to another is deferred: a save writes row by row and is whole at its end. The rows of a
-- list inside an object go and come with it (cascade). AUTOINCREMENT: ids travel on the wire and are never used twice.
-- char(1, 45, 31, 127, 45, 159) is the control characters, as two ranges for GLOB.

CREATE TABLE server (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    uuid TEXT NOT NULL CHECK (length(uuid) = 36 AND uuid NOT GLOB '*[^-0-9a-f]*')
) STRICT;

CREATE TABLE setting (
    key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 64 AND key NOT GLOB '*[^a-z0-9_.]*'),
    value TEXT NOT NULL CHECK (length(value) <= 4096 AND value NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*')
) STRICT, WITHOUT ROWID;

CREATE TABLE presence_group (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 64 AND name NOT GLOB '*[^-_A-Za-z0-9]*'),
    description TEXT NOT NULL CHECK (length(description) <= 255 AND description NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    deletable INTEGER NOT NULL CHECK (deletable IN (0, 1))
) STRICT;

CREATE TABLE presence (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    group_id INTEGER NOT NULL REFERENCES presence_group (id) DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 4294967295),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 64 AND name NOT GLOB '*[^-_A-Za-z0-9]*'),
    display TEXT NOT NULL CHECK (length(display) BETWEEN 1 AND 64 AND display NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    color TEXT NOT NULL CHECK (color GLOB '#[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]'),
    UNIQUE (group_id, name),
    UNIQUE (group_id, position),
    -- For presence_transition: both ends stand in one group.
    UNIQUE (id, group_id)
) STRICT;

CREATE TABLE presence_transition (
    from_id INTEGER NOT NULL,
    to_id INTEGER NOT NULL,
    group_id INTEGER NOT NULL,
    PRIMARY KEY (from_id, to_id),
    CHECK (from_id <> to_id),
    FOREIGN KEY (from_id, group_id) REFERENCES presence (id, group_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (to_id, group_id) REFERENCES presence (id, group_id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX presence_transition_to ON presence_transition (to_id);

CREATE TABLE presence_action (
    presence_id INTEGER NOT NULL REFERENCES presence (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL CHECK (position >= 0),
    action TEXT NOT NULL,
    parameter TEXT NOT NULL,
    PRIMARY KEY (presence_id, position),
    UNIQUE (presence_id, action),
    CHECK (
        (action = 'enablednd' AND parameter IN ('true', 'false'))
        OR (action IN ('queuepause_all', 'queueunpause_all', 'agentlogoff') AND parameter = '')
    )
) STRICT, WITHOUT ROWID;

CREATE TABLE phone_hint_group (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 64 AND name NOT GLOB '*[^-_A-Za-z0-9]*'),
    description TEXT NOT NULL CHECK (length(description) <= 255 AND description NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    deletable INTEGER NOT NULL CHECK (deletable IN (0, 1))
) STRICT;

CREATE TABLE phone_hint (
    group_id INTEGER NOT NULL REFERENCES phone_hint_group (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    number INTEGER NOT NULL CHECK (number IN (-2, -1, 0, 1, 2, 4, 8, 9, 16, 17)),
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 64 AND text NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    color TEXT NOT NULL CHECK (color GLOB '#[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]'),
    PRIMARY KEY (group_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    -- In the case of letters they differ: `test` and `TEST` are two (rule F1).
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 3 AND 128 AND name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    presence_group_id INTEGER NOT NULL REFERENCES presence_group (id) DEFERRABLE INITIALLY DEFERRED,
    phone_hint_group_id INTEGER NOT NULL REFERENCES phone_hint_group (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX profile_presence_group ON profile (presence_group_id);
CREATE INDEX profile_phone_hint_group ON profile (phone_hint_group_id);

CREATE TABLE profile_service (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    service TEXT NOT NULL CHECK (service IN (
        'enablevm', 'callrecord', 'incallrec', 'incallfilter', 'enablednd', 'fwdunc', 'fwdbusy', 'fwdrna'
    )),
    PRIMARY KEY (profile_id, service)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile_preference (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    preference TEXT NOT NULL CHECK (preference IN (
        'loginwindow.url', 'presence.autochangestate', 'xlet.agentdetails.hideastid', 'xlet.agentdetails.hidecontext',
        'xlet.agentdetails.noqueueaction', 'xlet.agents.fontname', 'xlet.agents.fontsize', 'xlet.agents.iconsize',
        'xlet.identity.logagent', 'xlet.identity.pauseagent', 'xlet.queues.statsfetchperiod'
    )),
    value TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 2048 AND value NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    PRIMARY KEY (profile_id, preference)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile_xlet (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    -- The order of insertion; the order on the wire is by number first.
    place INTEGER NOT NULL CHECK (place >= 0),
    xlet TEXT NOT NULL CHECK (xlet IN (
        'agentdetails', 'agents', 'agentstatusdashboard', 'conference', 'customerinfo', 'datetime', 'directory', 'fax',
        'features', 'history', 'identity', 'people', 'queueentrydetails', 'queuemembers', 'queues', 'switchboard', 'tabber'
    )),
    layout TEXT NOT NULL CHECK (layout IN ('dock', 'grid', 'tab')),
    number INTEGER CHECK (number BETWEEN 0 AND 999),
    floating INTEGER NOT NULL CHECK (floating IN (0, 1)),
    closable INTEGER NOT NULL CHECK (closable IN (0, 1)),
    movable INTEGER NOT NULL CHECK (movable IN (0, 1)),
    scrollable INTEGER NOT NULL CHECK (scrollable IN (0, 1)),
    PRIMARY KEY (profile_id, xlet),
    UNIQUE (profile_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE context (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 39 AND name NOT GLOB '*[^-_A-Za-z0-9]*')
) STRICT;

CREATE TABLE context_include (
    context_id INTEGER NOT NULL REFERENCES context (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    priority INTEGER NOT NULL CHECK (priority >= 0),
    included_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (context_id, priority),
    UNIQUE (context_id, included_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX context_include_included ON context_include (included_id);

CREATE TABLE user (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36 AND uuid NOT GLOB '*[^-0-9a-f]*'),
    login TEXT NOT NULL UNIQUE COLLATE NOCASE
        CHECK (length(login) BETWEEN 2 AND 64 AND login NOT GLOB '*[^-A-Za-z0-9._~!$&''()*+,;=%@]*'),
    first_name TEXT NOT NULL CHECK (length(first_name) BETWEEN 1 AND 128 AND first_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    last_name TEXT NOT NULL CHECK (length(last_name) <= 128 AND last_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    email TEXT UNIQUE COLLATE NOCASE CHECK (length(email) BETWEEN 3 AND 254 AND email GLOB '?*@?*'),
    mobile TEXT CHECK (length(mobile) BETWEEN 1 AND 80 AND mobile NOT GLOB '*[^0-9+*#]*'),
    password_hash TEXT CHECK (password_hash GLOB '$argon2id$*'),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    profile_id INTEGER REFERENCES profile (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX user_profile ON user (profile_id);

CREATE TABLE line (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    user_id INTEGER NOT NULL REFERENCES user (id) DEFERRABLE INITIALLY DEFERRED,
    is_main INTEGER NOT NULL CHECK (is_main IN (0, 1)),
    extension TEXT NOT NULL CHECK (length(extension) BETWEEN 1 AND 40 AND extension NOT GLOB '*[^-A-Za-z0-9*#+_.]*'),
    context_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    device TEXT NOT NULL CHECK (length(device) BETWEEN 3 AND 128 AND device GLOB '?*/?*' AND device NOT GLOB '*[ ,;' || char(1, 45, 31, 127, 45, 159) || ']*'),
    UNIQUE (extension, context_id)
) STRICT;
CREATE UNIQUE INDEX line_main ON line (user_id) WHERE is_main = 1;
CREATE INDEX line_user ON line (user_id);
CREATE INDEX line_context ON line (context_id);

CREATE TABLE voicemail (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    mailbox TEXT NOT NULL CHECK (length(mailbox) BETWEEN 1 AND 40 AND mailbox NOT GLOB '*[^A-Za-z0-9]*'),
    context_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    user_id INTEGER UNIQUE REFERENCES user (id) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (mailbox, context_id)
) STRICT;
CREATE INDEX voicemail_context ON voicemail (context_id);

CREATE TABLE conference (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    number TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 40 AND number NOT GLOB '*[^A-Za-z0-9]*'),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128 AND name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    context_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    pin TEXT CHECK (length(pin) BETWEEN 1 AND 12 AND pin NOT GLOB '*[^0-9]*'),
    UNIQUE (number, context_id)
) STRICT;
CREATE INDEX conference_context ON conference (context_id);

CREATE TABLE agent (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    number TEXT NOT NULL UNIQUE CHECK (length(number) BETWEEN 1 AND 40 AND number NOT GLOB '*[^A-Za-z0-9]*'),
    first_name TEXT NOT NULL CHECK (length(first_name) BETWEEN 1 AND 128 AND first_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    last_name TEXT NOT NULL CHECK (length(last_name) <= 128 AND last_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    context_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    user_id INTEGER UNIQUE REFERENCES user (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX agent_context ON agent (context_id);

CREATE TABLE queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 128 AND name NOT GLOB '*[^-_.A-Za-z0-9]*'),
    display TEXT NOT NULL CHECK (length(display) BETWEEN 1 AND 64 AND display NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    number TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 40 AND number NOT GLOB '*[^-A-Za-z0-9*#+_.]*'),
    context_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    wrapup_seconds INTEGER NOT NULL CHECK (wrapup_seconds BETWEEN 0 AND 3600),
    UNIQUE (number, context_id)
) STRICT;
CREATE INDEX queue_context ON queue (context_id);

CREATE TABLE queue_member (
    queue_id INTEGER NOT NULL REFERENCES queue (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    agent_id INTEGER NOT NULL REFERENCES agent (id) DEFERRABLE INITIALLY DEFERRED,
    penalty INTEGER NOT NULL CHECK (penalty BETWEEN 0 AND 100),
    PRIMARY KEY (queue_id, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_member_agent ON queue_member (agent_id);

-- State: what people do. Neither audited nor in change. No foreign keys: a row may be told of a user who went away in the
-- same moment, and a save that rewrites a user's row must not take his state along. The store drops what is left behind.

CREATE TABLE user_state (
    user_uuid TEXT PRIMARY KEY CHECK (length(user_uuid) = 36),
    last_presence TEXT CHECK (length(last_presence) BETWEEN 1 AND 64 AND last_presence NOT GLOB '*[^-_A-Za-z0-9]*'),
    is_present INTEGER NOT NULL CHECK (is_present IN (0, 1)),
    do_not_disturb INTEGER NOT NULL CHECK (do_not_disturb IN (0, 1)),
    call_filter INTEGER NOT NULL CHECK (call_filter IN (0, 1)),
    recording INTEGER NOT NULL CHECK (recording IN (0, 1)),
    unconditional INTEGER NOT NULL CHECK (unconditional IN (0, 1)),
    unconditional_to TEXT NOT NULL,
    no_answer INTEGER NOT NULL CHECK (no_answer IN (0, 1)),
    no_answer_to TEXT NOT NULL,
    busy INTEGER NOT NULL CHECK (busy IN (0, 1)),
    busy_to TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE agent_wanted (
    agent_id INTEGER PRIMARY KEY,
    is_logged_off INTEGER NOT NULL CHECK (is_logged_off IN (0, 1)),
    is_paused INTEGER CHECK (is_paused IN (0, 1))
) STRICT;

-- Who changed what, for people -------------------------------------------------------------------------------------------

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Unix seconds.
    at INTEGER NOT NULL DEFAULT (unixepoch()) CHECK (at > 0),
    system_user TEXT NOT NULL CHECK (length(system_user) BETWEEN 1 AND 255),
    origin TEXT NOT NULL CHECK (origin IN ('cli', 'console', 'import', 'system')),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
    object_id INTEGER NOT NULL,
    before TEXT CHECK (json_valid(before)),
    after TEXT CHECK (json_valid(after)),
    CHECK (before IS NOT NULL OR after IS NOT NULL)
) STRICT;
CREATE INDEX audit_object ON audit (kind, object_id);

-- What changed, for programs: a trigger a configuration table and event. ---------------------------------------------------

CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
    id INTEGER NOT NULL
) STRICT;

-- Whoever is further behind than this reloads everything.
CREATE TRIGGER change_pruned AFTER INSERT ON change BEGIN
    DELETE FROM change WHERE seq <= NEW.seq - 100000;
END;

CREATE TRIGGER server_added AFTER INSERT ON server BEGIN
    INSERT INTO change (kind, id) VALUES ('server', NEW.id);
END;
CREATE TRIGGER server_edited AFTER UPDATE ON server BEGIN
    INSERT INTO change (kind, id) VALUES ('server', NEW.id);
END;
CREATE TRIGGER server_removed AFTER DELETE ON server BEGIN
    INSERT INTO change (kind, id) VALUES ('server', OLD.id);
END;

CREATE TRIGGER setting_added AFTER INSERT ON setting BEGIN
    INSERT INTO change (kind, id) VALUES ('setting', 0);
END;
CREATE TRIGGER setting_edited AFTER UPDATE ON setting BEGIN
    INSERT INTO change (kind, id) VALUES ('setting', 0);
END;
CREATE TRIGGER setting_removed AFTER DELETE ON setting BEGIN
    INSERT INTO change (kind, id) VALUES ('setting', 0);
END;

CREATE TRIGGER presence_group_added AFTER INSERT ON presence_group BEGIN
    INSERT INTO change (kind, id) VALUES ('presence_group', NEW.id);
END;
CREATE TRIGGER presence_group_edited AFTER UPDATE ON presence_group BEGIN
    INSERT INTO change (kind, id) VALUES ('presence_group', NEW.id);
END;
CREATE TRIGGER presence_group_removed AFTER DELETE ON presence_group BEGIN
    INSERT INTO change (kind, id) VALUES ('presence_group', OLD.id);
END;

CREATE TRIGGER presence_added AFTER INSERT ON presence BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.id);
END;
CREATE TRIGGER presence_edited AFTER UPDATE ON presence BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.id);
END;
CREATE TRIGGER presence_removed AFTER DELETE ON presence BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', OLD.id);
END;

CREATE TRIGGER presence_transition_added AFTER INSERT ON presence_transition BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.from_id);
END;
CREATE TRIGGER presence_transition_edited AFTER UPDATE ON presence_transition BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.from_id);
END;
CREATE TRIGGER presence_transition_removed AFTER DELETE ON presence_transition BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', OLD.from_id);
END;

CREATE TRIGGER presence_action_added AFTER INSERT ON presence_action BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.presence_id);
END;
CREATE TRIGGER presence_action_edited AFTER UPDATE ON presence_action BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.presence_id);
END;
CREATE TRIGGER presence_action_removed AFTER DELETE ON presence_action BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', OLD.presence_id);
END;

CREATE TRIGGER phone_hint_group_added AFTER INSERT ON phone_hint_group BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_hint_group', NEW.id);
END;
CREATE TRIGGER phone_hint_group_edited AFTER UPDATE ON phone_hint_group BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_hint_group', NEW.id);
END;
CREATE TRIGGER phone_hint_group_removed AFTER DELETE ON phone_hint_group BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_hint_group', OLD.id);
END;

CREATE TRIGGER phone_hint_added AFTER INSERT ON phone_hint BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_hint_group', NEW.group_id);
END;
CREATE TRIGGER phone_hint_edited AFTER UPDATE ON phone_hint BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_hint_group', NEW.group_id);
END;
CREATE TRIGGER phone_hint_removed AFTER DELETE ON phone_hint BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_hint_group', OLD.group_id);
END;

CREATE TRIGGER profile_added AFTER INSERT ON profile BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.id);
END;
CREATE TRIGGER profile_edited AFTER UPDATE ON profile BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.id);
END;
CREATE TRIGGER profile_removed AFTER DELETE ON profile BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', OLD.id);
END;

CREATE TRIGGER profile_service_added AFTER INSERT ON profile_service BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_service_edited AFTER UPDATE ON profile_service BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_service_removed AFTER DELETE ON profile_service BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', OLD.profile_id);
END;

CREATE TRIGGER profile_preference_added AFTER INSERT ON profile_preference BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_preference_edited AFTER UPDATE ON profile_preference BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_preference_removed AFTER DELETE ON profile_preference BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', OLD.profile_id);
END;

CREATE TRIGGER profile_xlet_added AFTER INSERT ON profile_xlet BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_xlet_edited AFTER UPDATE ON profile_xlet BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_xlet_removed AFTER DELETE ON profile_xlet BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', OLD.profile_id);
END;

CREATE TRIGGER context_added AFTER INSERT ON context BEGIN
    INSERT INTO change (kind, id) VALUES ('context', NEW.id);
END;
CREATE TRIGGER context_edited AFTER UPDATE ON context BEGIN
    INSERT INTO change (kind, id) VALUES ('context', NEW.id);
END;
CREATE TRIGGER context_removed AFTER DELETE ON context BEGIN
    INSERT INTO change (kind, id) VALUES ('context', OLD.id);
END;

CREATE TRIGGER context_include_added AFTER INSERT ON context_include BEGIN
    INSERT INTO change (kind, id) VALUES ('context', NEW.context_id);
END;
CREATE TRIGGER context_include_edited AFTER UPDATE ON context_include BEGIN
    INSERT INTO change (kind, id) VALUES ('context', NEW.context_id);
END;
CREATE TRIGGER context_include_removed AFTER DELETE ON context_include BEGIN
    INSERT INTO change (kind, id) VALUES ('context', OLD.context_id);
END;

CREATE TRIGGER user_added AFTER INSERT ON user BEGIN
    INSERT INTO change (kind, id) VALUES ('user', NEW.id);
END;
CREATE TRIGGER user_edited AFTER UPDATE ON user BEGIN
    INSERT INTO change (kind, id) VALUES ('user', NEW.id);
END;
CREATE TRIGGER user_removed AFTER DELETE ON user BEGIN
    INSERT INTO change (kind, id) VALUES ('user', OLD.id);
END;

CREATE TRIGGER line_added AFTER INSERT ON line BEGIN
    INSERT INTO change (kind, id) VALUES ('line', NEW.id);
END;
CREATE TRIGGER line_edited AFTER UPDATE ON line BEGIN
    INSERT INTO change (kind, id) VALUES ('line', NEW.id);
END;
CREATE TRIGGER line_removed AFTER DELETE ON line BEGIN
    INSERT INTO change (kind, id) VALUES ('line', OLD.id);
END;

CREATE TRIGGER voicemail_added AFTER INSERT ON voicemail BEGIN
    INSERT INTO change (kind, id) VALUES ('voicemail', NEW.id);
END;
CREATE TRIGGER voicemail_edited AFTER UPDATE ON voicemail BEGIN
    INSERT INTO change (kind, id) VALUES ('voicemail', NEW.id);
END;
CREATE TRIGGER voicemail_removed AFTER DELETE ON voicemail BEGIN
    INSERT INTO change (kind, id) VALUES ('voicemail', OLD.id);
END;

CREATE TRIGGER conference_added AFTER INSERT ON conference BEGIN
    INSERT INTO change (kind, id) VALUES ('conference', NEW.id);
END;
CREATE TRIGGER conference_edited AFTER UPDATE ON conference BEGIN
    INSERT INTO change (kind, id) VALUES ('conference', NEW.id);
END;
CREATE TRIGGER conference_removed AFTER DELETE ON conference BEGIN
    INSERT INTO change (kind, id) VALUES ('conference', OLD.id);
END;

CREATE TRIGGER agent_added AFTER INSERT ON agent BEGIN
    INSERT INTO change (kind, id) VALUES ('agent', NEW.id);
END;
CREATE TRIGGER agent_edited AFTER UPDATE ON agent BEGIN
    INSERT INTO change (kind, id) VALUES ('agent', NEW.id);
END;
CREATE TRIGGER agent_removed AFTER DELETE ON agent BEGIN
    INSERT INTO change (kind, id) VALUES ('agent', OLD.id);
END;

CREATE TRIGGER queue_added AFTER INSERT ON queue BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', NEW.id);
END;
CREATE TRIGGER queue_edited AFTER UPDATE ON queue BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', NEW.id);
END;
CREATE TRIGGER queue_removed AFTER DELETE ON queue BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', OLD.id);
END;

CREATE TRIGGER queue_member_added AFTER INSERT ON queue_member BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', NEW.queue_id);
END;
CREATE TRIGGER queue_member_edited AFTER UPDATE ON queue_member BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', NEW.queue_id);
END;
CREATE TRIGGER queue_member_removed AFTER DELETE ON queue_member BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', OLD.queue_id);
END;
