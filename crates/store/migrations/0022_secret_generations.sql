-- Whoever puts secrets under another master key goes by key, and its old and new entries here lie beside those
-- of its neighbours: by look-up value, which is random, every row cost two pages more.
DROP INDEX secrets_generation;
CREATE INDEX secrets_generation ON secrets (generation, key_id, slot);
