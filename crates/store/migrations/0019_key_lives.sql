-- How keys live and end: schedules of rotation, ends of secrets, what policies hold back.

-- All of them or none: a new secret every so many days, the old one beside it for so many seconds, the
-- next one due at rotate_at.
ALTER TABLE keys ADD COLUMN rotate_every_days {int};
ALTER TABLE keys ADD COLUMN rotate_overlap_s {int};
ALTER TABLE keys ADD COLUMN rotate_at {int};
-- When the current secret ends unless the key is rotated before (types shown once, on a schedule).
ALTER TABLE keys ADD COLUMN secret_ends_at {int};
-- Since when its tenant's policy holds it back, because nobody used it.
ALTER TABLE keys ADD COLUMN held_at {int};
-- From when on "unused" is counted, where that is later than its creation and its last use.
ALTER TABLE keys ADD COLUMN unused_since {int};
CREATE INDEX keys_rotate ON keys (rotate_at) WHERE rotate_at IS NOT NULL AND deleted_at IS NULL;
-- Keys are counted by tenant and type, and by who they belong to or who made them; what a count needs is
-- a column, so that no row is read for it. Those that were deleted count as made for a minute.
CREATE INDEX keys_counted ON keys (scope, key_type, created_by, expires_at, revoked_at, deleted_at)
    WHERE deleted_at IS NULL;
CREATE INDEX keys_deleted ON keys (scope, created_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX keys_held ON keys (scope, key_type) WHERE held_at IS NOT NULL AND deleted_at IS NULL;

-- When a secret was made; NULL: before this was noted.
ALTER TABLE secrets ADD COLUMN created_at {int};

-- When a secret last opened its key.
CREATE TABLE secret_usage (
    key_id    {blob} NOT NULL,
    slot      {int}  NOT NULL,
    last_used {int}  NOT NULL,
    PRIMARY KEY (key_id, slot)
) {clustered};

-- What a tenant says of its keys of a type; '*' as the type: of every type that has no row of its own.
CREATE TABLE key_policies (
    scope                TEXT   NOT NULL,
    key_type             TEXT   NOT NULL,
    default_life_days    {int},
    longest_life_days    {int},
    description_required {bool} NOT NULL,
    most_keys            {int},
    most_keys_per_person {int},
    most_new_per_minute  {int},
    unused_days          {int},
    -- Time without use before then does not count: nobody could use the tenant's keys.
    counted_since        {int},
    created_at           {int}  NOT NULL,
    version              {int}  NOT NULL,
    PRIMARY KEY (scope, key_type)
) {strict};

-- Days before its end at which a key's verdict begins to say how many are left; a JSON array.
ALTER TABLE tenants ADD COLUMN warning_days TEXT NOT NULL DEFAULT '[30,14,7,1]';
-- The gateway route that a checked call of OpenConnect is handed to; NULL: it is answered here.
ALTER TABLE tenants ADD COLUMN openconnect_route TEXT;
