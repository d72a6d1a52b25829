-- Who serves this database, and which master keys each of them has: a new one writes only when all of
-- them can read what it wrote. Names of master keys are separated by spaces.
CREATE TABLE nodes (
    id          TEXT  NOT NULL PRIMARY KEY,
    master_keys TEXT  NOT NULL,
    seen_at     {int} NOT NULL
) {strict};

-- Since when a master key has been in its state; NULL: before this was noted.
ALTER TABLE master_keys ADD COLUMN since {int};
-- What an older program wrote under a key that has a successor is moved away from it.
UPDATE master_keys SET state = 'retiring' WHERE state = 'known' AND (
    EXISTS (SELECT 1 FROM secrets WHERE secrets.generation = master_keys.n)
    OR EXISTS (SELECT 1 FROM clients WHERE clients.secret_generation = master_keys.n)
    OR EXISTS (SELECT 1 FROM signing_keys WHERE signing_keys.generation = master_keys.n)
    OR EXISTS (SELECT 1 FROM issuers WHERE issuers.generation = master_keys.n));
