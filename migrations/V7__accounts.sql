-- Accounts: who may use the administrative interfaces, and break-glass: users whose local password counts whatever other
-- backend is asked. Words that the program knows a list of (rights) have the form of a word here and no more, as in V4.

PRAGMA user_version = 7;

ALTER TABLE user ADD COLUMN break_glass INTEGER NOT NULL DEFAULT 0 CHECK (break_glass IN (0, 1));

CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('admin', 'service')),
    name TEXT NOT NULL UNIQUE COLLATE NOCASE
        CHECK (length(name) BETWEEN 2 AND 64 AND name NOT GLOB '*[^-A-Za-z0-9._~!$&''()*+,;=%@]*'),
    password_hash TEXT CHECK (password_hash GLOB '$argon2id$*'),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
) STRICT;

CREATE TABLE account_right (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 64 AND name NOT GLOB '*[^-a-z0-9_.]*'),
    PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;

-- No row: the account sees every context.
CREATE TABLE account_context (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    context_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (account_id, context_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_context_context ON account_context (context_id);

CREATE TRIGGER account_added AFTER INSERT ON account BEGIN
    INSERT INTO change (kind, id) VALUES ('account', NEW.id);
END;
CREATE TRIGGER account_edited AFTER UPDATE ON account BEGIN
    INSERT INTO change (kind, id) VALUES ('account', NEW.id);
END;
CREATE TRIGGER account_removed AFTER DELETE ON account BEGIN
    INSERT INTO change (kind, id) VALUES ('account', OLD.id);
END;
CREATE TRIGGER account_right_added AFTER INSERT ON account_right BEGIN
    INSERT INTO change (kind, id) VALUES ('account', NEW.account_id);
END;
CREATE TRIGGER account_right_edited AFTER UPDATE ON account_right BEGIN
    INSERT INTO change (kind, id) VALUES ('account', NEW.account_id);
END;
CREATE TRIGGER account_right_removed AFTER DELETE ON account_right BEGIN
    INSERT INTO change (kind, id) VALUES ('account', OLD.account_id);
END;
CREATE TRIGGER account_context_added AFTER INSERT ON account_context BEGIN
    INSERT INTO change (kind, id) VALUES ('account', NEW.account_id);
END;
CREATE TRIGGER account_context_edited AFTER UPDATE ON account_context BEGIN
    INSERT INTO change (kind, id) VALUES ('account', NEW.account_id);
END;
CREATE TRIGGER account_context_removed AFTER DELETE ON account_context BEGIN
    INSERT INTO change (kind, id) VALUES ('account', OLD.account_id);
END;
