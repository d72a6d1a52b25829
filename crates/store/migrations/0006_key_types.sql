-- Key types of tenants, the prefixes of all secrets, and what becomes of keys that nobody
-- acknowledged.

-- The minutes for which such a key serves: NULL for as long as it lives, 0 not at all.
ALTER TABLE tenants ADD COLUMN unacknowledged_minutes {int};
ALTER TABLE tenants ADD COLUMN key_prefix TEXT;
-- When the data of a deleted tenant went.
ALTER TABLE tenants ADD COLUMN purged_at {int};

-- Since when a key waits to be acknowledged: from its creation, or from the rotation that gave it a
-- secret that nobody has stored yet.
ALTER TABLE keys ADD COLUMN unacknowledged_since {int};
UPDATE keys SET unacknowledged_since = created_at
    WHERE acknowledged_at IS NULL AND key_type NOT IN ('nexus', 'ges')
        -- The key of the first start was shown to whoever started the server.
        AND created_by <> 'keyward';

-- A prefix is never free again: a secret that leaked must not look like somebody else's.
CREATE TABLE key_prefixes (
    prefix   TEXT NOT NULL PRIMARY KEY,
    tenant   TEXT NOT NULL REFERENCES tenants (id),
    -- Empty: of the tenant's `api` keys.
    key_type TEXT NOT NULL
) {strict};

-- `prefix` is that of random secrets; the others are UUIDs.
CREATE TABLE key_types (
    tenant       TEXT  NOT NULL REFERENCES tenants (id),
    name         TEXT  NOT NULL,
    description  TEXT,
    prefix       TEXT,
    reveal       TEXT  NOT NULL,
    presented_in TEXT  NOT NULL,
    capacity     {int},
    frequency_s  {int},
    settings     TEXT  NOT NULL,
    created_at   {int} NOT NULL,
    version      {int} NOT NULL,
    PRIMARY KEY (tenant, name)
) {strict};
