-- What NexusOne's wire shows of keys, and which calls access tokens open.

-- When a key was last changed; NULL: never since it was made, or before this was noted.
ALTER TABLE keys ADD COLUMN updated_at {int};
-- The keys of data products are few and are listed with those that were deleted.
CREATE INDEX keys_of_data ON keys (scope, created_at, id) WHERE key_type = 'data-psk';

-- refused, accepted or only.
ALTER TABLE policies ADD COLUMN tokens TEXT NOT NULL DEFAULT 'refused';
ALTER TABLE gateway_routes ADD COLUMN tokens TEXT NOT NULL DEFAULT 'refused';
