-- Roles count their changes, as everything that can be changed does. A client's tokens are found when its
-- secret is replaced.

ALTER TABLE roles ADD COLUMN version {int} NOT NULL DEFAULT 1;
CREATE INDEX tokens_client ON tokens (client);
