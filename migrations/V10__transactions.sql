-- Which changes of the audit one transaction wrote: to whoever looks back they are one action. Older programs did not
-- write that down; of theirs, neighbours are taken for one transaction where the same person made them in the same second
-- by the same way.

PRAGMA user_version = 10;

-- The first entry of the transaction; NULL: this entry is that. Writers take turns, so a transaction's entries are
-- neighbours, and no index is needed to find them.
ALTER TABLE audit ADD COLUMN first_seq INTEGER CHECK (first_seq < seq);

UPDATE audit SET first_seq = earlier.first
    FROM (
        SELECT seq, max(beginning) OVER (ORDER BY seq) AS first
            FROM (
                SELECT seq, iif(
                    at = lag(at) OVER neighbours AND system_user = lag(system_user) OVER neighbours
                        AND origin = lag(origin) OVER neighbours,
                    NULL, seq
                ) AS beginning
                    FROM audit WINDOW neighbours AS (ORDER BY seq)
            )
    ) AS earlier
    WHERE earlier.seq = audit.seq AND earlier.first < audit.seq;
