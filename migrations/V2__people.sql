-- What people write down for themselves: state, as in V1 neither audited nor in change, and without foreign keys.

PRAGMA user_version = 2;

CREATE TABLE address_book (
    user_uuid TEXT PRIMARY KEY CHECK (length(user_uuid) = 36),
    -- The highest number that a contact ever had: none is used twice.
    last_contact INTEGER NOT NULL CHECK (last_contact >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE personal_contact (
    user_uuid TEXT NOT NULL CHECK (length(user_uuid) = 36),
    id INTEGER NOT NULL CHECK (id > 0),
    -- An object of texts by name.
    texts TEXT NOT NULL CHECK (json_valid(texts)),
    PRIMARY KEY (user_uuid, id)
) STRICT;

CREATE TABLE favourite (
    user_uuid TEXT NOT NULL CHECK (length(user_uuid) = 36),
    source TEXT NOT NULL CHECK (source IN ('internal', 'personal', 'phonebook')),
    -- Another user's UUID, or the number of a contact or an entry of the phone book.
    entry TEXT NOT NULL CHECK (length(entry) BETWEEN 1 AND 36),
    PRIMARY KEY (user_uuid, source, entry)
) STRICT, WITHOUT ROWID;

-- Chat to somebody who is not connected, until it is written to one of his clients.
CREATE TABLE kept_chat (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    to_uuid TEXT NOT NULL CHECK (length(to_uuid) = 36),
    from_uuid TEXT NOT NULL CHECK (length(from_uuid) = 36),
    -- Unix seconds.
    at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX kept_chat_to ON kept_chat (to_uuid);
