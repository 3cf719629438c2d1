-- The phone book that all users share: configuration, audited and in change. A text is empty where nothing is filled in.

PRAGMA user_version = 3;

CREATE TABLE phone_book_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    -- NULL: everyone's.
    context_id INTEGER REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    first_name TEXT NOT NULL CHECK (length(first_name) <= 128 AND first_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    last_name TEXT NOT NULL CHECK (length(last_name) <= 128 AND last_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    number TEXT NOT NULL CHECK (length(number) <= 80 AND number NOT GLOB '*[^0-9+*#]*'),
    mobile TEXT NOT NULL CHECK (length(mobile) <= 80 AND mobile NOT GLOB '*[^0-9+*#]*'),
    email TEXT NOT NULL CHECK (email = '' OR (length(email) BETWEEN 3 AND 254 AND email GLOB '?*@?*')),
    company TEXT NOT NULL CHECK (length(company) <= 128 AND company NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    fax TEXT NOT NULL CHECK (length(fax) <= 80 AND fax NOT GLOB '*[^0-9+*#]*'),
    CHECK (first_name || last_name || company || number || mobile <> '')
) STRICT;
CREATE INDEX phone_book_entry_context ON phone_book_entry (context_id);

CREATE TRIGGER phone_book_entry_added AFTER INSERT ON phone_book_entry BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_book_entry', NEW.id);
END;
CREATE TRIGGER phone_book_entry_edited AFTER UPDATE ON phone_book_entry BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_book_entry', NEW.id);
END;
CREATE TRIGGER phone_book_entry_removed AFTER DELETE ON phone_book_entry BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_book_entry', OLD.id);
END;
