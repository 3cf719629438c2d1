-- How many entries of the phone book stand in each context: whoever changes something else reads these few rows in the
-- place of a hundred thousand. The entries themselves are what is true: where this does not sum up to their number
-- (`INSERT OR REPLACE` by foreign hands passes the triggers by), the program counts them.

PRAGMA user_version = 6;

CREATE TABLE phone_book_count (
    -- 0: the entries of no context, which are everyone's.
    context_id INTEGER PRIMARY KEY CHECK (context_id >= 0),
    entries INTEGER NOT NULL
) STRICT;
INSERT INTO phone_book_count (context_id, entries)
    SELECT ifnull(context_id, 0), count(*) FROM phone_book_entry GROUP BY 1;

CREATE TRIGGER phone_book_entry_counted AFTER INSERT ON phone_book_entry BEGIN
    INSERT INTO phone_book_count (context_id, entries) VALUES (ifnull(NEW.context_id, 0), 1)
        ON CONFLICT (context_id) DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER phone_book_entry_moved AFTER UPDATE OF context_id ON phone_book_entry
        WHEN OLD.context_id IS NOT NEW.context_id BEGIN
    UPDATE phone_book_count SET entries = entries - 1 WHERE context_id = ifnull(OLD.context_id, 0);
    INSERT INTO phone_book_count (context_id, entries) VALUES (ifnull(NEW.context_id, 0), 1)
        ON CONFLICT (context_id) DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER phone_book_entry_uncounted AFTER DELETE ON phone_book_entry BEGIN
    UPDATE phone_book_count SET entries = entries - 1 WHERE context_id = ifnull(OLD.context_id, 0);
END;
