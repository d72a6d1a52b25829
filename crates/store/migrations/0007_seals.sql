-- How often each master key has sealed: random nonces are good for so many uses and no more.
ALTER TABLE master_keys ADD COLUMN seals {int} NOT NULL DEFAULT 0;
