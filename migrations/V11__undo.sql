-- What a change was besides an edit: which changes it undid, and which file it took over. Older programs did not write that
-- down.

PRAGMA user_version = 11;

-- What an import was made from; only at the first entry of its transaction.
ALTER TABLE audit ADD COLUMN file TEXT CHECK (length(file) BETWEEN 1 AND 255);

-- Neighbouring entries of one transaction, from the first to the last, that another one undid. As all that belongs to the
-- audit it is never changed.
CREATE TABLE audit_undo (
    -- The first entry of the transaction that undid them.
    by_seq INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL CHECK (last_seq >= first_seq AND by_seq > last_seq),
    PRIMARY KEY (by_seq, first_seq)
) STRICT, WITHOUT ROWID;
