-- Users without a login, and lists of words that grow without a new table.
--
-- SQLite changes no check of a table that is there: the table is made anew. Foreign keys are in force here, so a table to
-- which others refer is filled again under its own name (its rows come back before the commit, which looks), and the
-- triggers come last: nothing that is copied is a change. `sqlite_sequence` forgets a table that is dropped.
--
-- Words that the program knows a list of (services, preferences, xlets, actions, origins, sources) have here the form of
-- a word and no more. The types in src/settings and src/store hold the lists, refuse to write another word, and read one
-- as damage; a copy of the lists here would want a new table, or rows and a migration, for each new word.

PRAGMA user_version = 4;

CREATE TABLE sequence_before AS SELECT name, seq FROM sqlite_sequence WHERE name IN ('user', 'audit');

-- user ------------------------------------------------------------------------------------------------------------------

CREATE TABLE user_before AS SELECT * FROM user;
DROP TABLE user;
CREATE TABLE user (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36 AND uuid NOT GLOB '*[^-0-9a-f]*'),
    -- NULL: has a telephone and no client.
    login TEXT UNIQUE COLLATE NOCASE
        CHECK (length(login) BETWEEN 2 AND 64 AND login NOT GLOB '*[^-A-Za-z0-9._~!$&''()*+,;=%@]*'),
    first_name TEXT NOT NULL CHECK (length(first_name) BETWEEN 1 AND 128 AND first_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    last_name TEXT NOT NULL CHECK (length(last_name) <= 128 AND last_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    email TEXT UNIQUE COLLATE NOCASE CHECK (length(email) BETWEEN 3 AND 254 AND email GLOB '?*@?*'),
    mobile TEXT CHECK (length(mobile) BETWEEN 1 AND 80 AND mobile NOT GLOB '*[^0-9+*#]*'),
    password_hash TEXT CHECK (password_hash GLOB '$argon2id$*'),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    profile_id INTEGER REFERENCES profile (id) DEFERRABLE INITIALLY DEFERRED,
    CHECK (login IS NOT NULL OR (password_hash IS NULL AND enabled = 0))
) STRICT;
INSERT INTO user (id, version, uuid, login, first_name, last_name, email, mobile, password_hash, enabled, profile_id)
    SELECT id, version, uuid, login, first_name, last_name, email, mobile, password_hash, enabled, profile_id
    FROM user_before ORDER BY id;
DROP TABLE user_before;
CREATE INDEX user_profile ON user (profile_id);
CREATE TRIGGER user_added AFTER INSERT ON user BEGIN
    INSERT INTO change (kind, id) VALUES ('user', NEW.id);
END;
CREATE TRIGGER user_edited AFTER UPDATE ON user BEGIN
    INSERT INTO change (kind, id) VALUES ('user', NEW.id);
END;
CREATE TRIGGER user_removed AFTER DELETE ON user BEGIN
    INSERT INTO change (kind, id) VALUES ('user', OLD.id);
END;

-- profile_service, profile_preference, profile_xlet -----------------------------------------------------------------------

CREATE TABLE profile_service_before AS SELECT * FROM profile_service;
DROP TABLE profile_service;
CREATE TABLE profile_service (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    service TEXT NOT NULL CHECK (length(service) BETWEEN 1 AND 64 AND service NOT GLOB '*[^-a-z0-9_.]*'),
    PRIMARY KEY (profile_id, service)
) STRICT, WITHOUT ROWID;
INSERT INTO profile_service (profile_id, service) SELECT profile_id, service FROM profile_service_before;
DROP TABLE profile_service_before;
CREATE TRIGGER profile_service_added AFTER INSERT ON profile_service BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_service_edited AFTER UPDATE ON profile_service BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_service_removed AFTER DELETE ON profile_service BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', OLD.profile_id);
END;

CREATE TABLE profile_preference_before AS SELECT * FROM profile_preference;
DROP TABLE profile_preference;
CREATE TABLE profile_preference (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    preference TEXT NOT NULL CHECK (length(preference) BETWEEN 1 AND 64 AND preference NOT GLOB '*[^-a-z0-9_.]*'),
    value TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 2048 AND value NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    PRIMARY KEY (profile_id, preference)
) STRICT, WITHOUT ROWID;
INSERT INTO profile_preference (profile_id, preference, value)
    SELECT profile_id, preference, value FROM profile_preference_before;
DROP TABLE profile_preference_before;
CREATE TRIGGER profile_preference_added AFTER INSERT ON profile_preference BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_preference_edited AFTER UPDATE ON profile_preference BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_preference_removed AFTER DELETE ON profile_preference BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', OLD.profile_id);
END;

CREATE TABLE profile_xlet_before AS SELECT * FROM profile_xlet;
DROP TABLE profile_xlet;
CREATE TABLE profile_xlet (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    -- The order of insertion; the order on the wire is by number first.
    place INTEGER NOT NULL CHECK (place >= 0),
    xlet TEXT NOT NULL CHECK (length(xlet) BETWEEN 1 AND 64 AND xlet NOT GLOB '*[^-a-z0-9_.]*'),
    layout TEXT NOT NULL CHECK (layout IN ('dock', 'grid', 'tab')),
    number INTEGER CHECK (number BETWEEN 0 AND 999),
    floating INTEGER NOT NULL CHECK (floating IN (0, 1)),
    closable INTEGER NOT NULL CHECK (closable IN (0, 1)),
    movable INTEGER NOT NULL CHECK (movable IN (0, 1)),
    scrollable INTEGER NOT NULL CHECK (scrollable IN (0, 1)),
    PRIMARY KEY (profile_id, xlet),
    UNIQUE (profile_id, place)
) STRICT, WITHOUT ROWID;
INSERT INTO profile_xlet (profile_id, place, xlet, layout, number, floating, closable, movable, scrollable)
    SELECT profile_id, place, xlet, layout, number, floating, closable, movable, scrollable FROM profile_xlet_before;
DROP TABLE profile_xlet_before;
CREATE TRIGGER profile_xlet_added AFTER INSERT ON profile_xlet BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_xlet_edited AFTER UPDATE ON profile_xlet BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_xlet_removed AFTER DELETE ON profile_xlet BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', OLD.profile_id);
END;

-- presence_action -------------------------------------------------------------------------------------------------------

CREATE TABLE presence_action_before AS SELECT * FROM presence_action;
DROP TABLE presence_action;
CREATE TABLE presence_action (
    presence_id INTEGER NOT NULL REFERENCES presence (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL CHECK (position >= 0),
    action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 64 AND action NOT GLOB '*[^-a-z0-9_.]*'),
    parameter TEXT NOT NULL CHECK (length(parameter) <= 128 AND parameter NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    PRIMARY KEY (presence_id, position),
    UNIQUE (presence_id, action)
) STRICT, WITHOUT ROWID;
INSERT INTO presence_action (presence_id, position, action, parameter)
    SELECT presence_id, position, action, parameter FROM presence_action_before;
DROP TABLE presence_action_before;
CREATE TRIGGER presence_action_added AFTER INSERT ON presence_action BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.presence_id);
END;
CREATE TRIGGER presence_action_edited AFTER UPDATE ON presence_action BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.presence_id);
END;
CREATE TRIGGER presence_action_removed AFTER DELETE ON presence_action BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', OLD.presence_id);
END;

-- favourite -------------------------------------------------------------------------------------------------------------

CREATE TABLE favourite_before AS SELECT * FROM favourite;
DROP TABLE favourite;
CREATE TABLE favourite (
    user_uuid TEXT NOT NULL CHECK (length(user_uuid) = 36),
    source TEXT NOT NULL CHECK (length(source) BETWEEN 1 AND 64 AND source NOT GLOB '*[^-a-z0-9_.]*'),
    -- Another user's UUID, or the number of a contact or an entry of the phone book.
    entry TEXT NOT NULL CHECK (length(entry) BETWEEN 1 AND 36),
    PRIMARY KEY (user_uuid, source, entry)
) STRICT, WITHOUT ROWID;
INSERT INTO favourite (user_uuid, source, entry) SELECT user_uuid, source, entry FROM favourite_before;
DROP TABLE favourite_before;

-- audit -----------------------------------------------------------------------------------------------------------------

CREATE TABLE audit_before AS SELECT * FROM audit;
DROP TABLE audit;
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Unix seconds.
    at INTEGER NOT NULL DEFAULT (unixepoch()) CHECK (at > 0),
    system_user TEXT NOT NULL CHECK (length(system_user) BETWEEN 1 AND 255),
    origin TEXT NOT NULL CHECK (length(origin) BETWEEN 1 AND 64 AND origin NOT GLOB '*[^-a-z0-9_.]*'),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
    object_id INTEGER NOT NULL,
    before TEXT CHECK (json_valid(before)),
    after TEXT CHECK (json_valid(after)),
    CHECK (before IS NOT NULL OR after IS NOT NULL)
) STRICT;
INSERT INTO audit (seq, at, system_user, origin, kind, object_id, before, after)
    SELECT seq, at, system_user, origin, kind, object_id, before, after FROM audit_before ORDER BY seq;
DROP TABLE audit_before;
CREATE INDEX audit_object ON audit (kind, object_id);

DELETE FROM sqlite_sequence WHERE name IN ('user', 'audit');
INSERT INTO sqlite_sequence (name, seq) SELECT name, seq FROM sequence_before;
DROP TABLE sequence_before;
