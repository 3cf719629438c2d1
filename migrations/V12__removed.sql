-- Who and what was removed lately. What people wrote down and switched on themselves, and their favourites, stay for a week
-- after a removal, so that its undo brings them back: state.rs says how long.

PRAGMA user_version = 12;

CREATE TABLE removed_user (
    uuid TEXT PRIMARY KEY CHECK (length(uuid) = 36),
    -- Unix seconds.
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Only entries that somebody had as a favourite.
CREATE TABLE removed_phone_book_entry (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    at INTEGER NOT NULL
) STRICT;
