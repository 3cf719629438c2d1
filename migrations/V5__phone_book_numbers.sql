-- Home and other numbers of the phone book. An entry may have one of these alone, which the check of the table did not
-- allow: the table is made anew, in the way and for the reasons of V4. Nothing refers to it by a foreign key.

PRAGMA user_version = 5;

CREATE TABLE sequence_before AS SELECT name, seq FROM sqlite_sequence WHERE name = 'phone_book_entry';

CREATE TABLE phone_book_entry_before AS SELECT * FROM phone_book_entry;
DROP TABLE phone_book_entry;
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
    home TEXT NOT NULL CHECK (length(home) <= 80 AND home NOT GLOB '*[^0-9+*#]*'),
    other TEXT NOT NULL CHECK (length(other) <= 80 AND other NOT GLOB '*[^0-9+*#]*'),
    CHECK (first_name || last_name || company || number || mobile || home || other <> '')
) STRICT;
INSERT INTO phone_book_entry
        (id, version, context_id, first_name, last_name, number, mobile, email, company, fax, home, other)
    SELECT id, version, context_id, first_name, last_name, number, mobile, email, company, fax, '', ''
    FROM phone_book_entry_before ORDER BY id;
DROP TABLE phone_book_entry_before;
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

DELETE FROM sqlite_sequence WHERE name = 'phone_book_entry';
INSERT INTO sqlite_sequence (name, seq) SELECT name, seq FROM sequence_before;
DROP TABLE sequence_before;
