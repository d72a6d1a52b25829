-- What an overview asks for: calls by tenant and type, without reading what each key was asked; keys that
-- end, are switched off or were not acknowledged, without reading those that simply serve.

-- scope and key_type of what was found nowhere are empty.
CREATE TABLE usage_total_hours (
    scope    TEXT  NOT NULL,
    hour     {int} NOT NULL,
    key_type TEXT  NOT NULL,
    verdict  {int} NOT NULL,
    count    {int} NOT NULL,
    PRIMARY KEY (scope, hour, key_type, verdict)
) {clustered};
CREATE INDEX usage_total_hours_age ON usage_total_hours (hour);
CREATE TABLE usage_total_days (
    scope    TEXT  NOT NULL,
    day      {int} NOT NULL,
    key_type TEXT  NOT NULL,
    verdict  {int} NOT NULL,
    count    {int} NOT NULL,
    PRIMARY KEY (scope, day, key_type, verdict)
) {clustered};
CREATE INDEX usage_total_days_age ON usage_total_days (day);

INSERT INTO usage_total_hours (scope, hour, key_type, verdict, count)
    SELECT COALESCE(k.scope, ''), u.hour, COALESCE(k.key_type, ''), u.verdict, SUM(u.count)
    FROM usage_hours u LEFT JOIN keys k ON k.id = u.key_id
    GROUP BY COALESCE(k.scope, ''), u.hour, COALESCE(k.key_type, ''), u.verdict;
INSERT INTO usage_total_days (scope, day, key_type, verdict, count)
    SELECT COALESCE(k.scope, ''), u.day, COALESCE(k.key_type, ''), u.verdict, SUM(u.count)
    FROM usage_days u LEFT JOIN keys k ON k.id = u.key_id
    GROUP BY COALESCE(k.scope, ''), u.day, COALESCE(k.key_type, ''), u.verdict;

-- deleted_at is a column of each: SQLite would look into the rows otherwise.
CREATE INDEX keys_ending ON keys (scope, unavailable_at, key_type, revoked_at, id, deleted_at)
    WHERE unavailable_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX keys_disabled ON keys (scope, key_type, unavailable_at, enabled, deleted_at)
    WHERE NOT enabled AND deleted_at IS NULL;
CREATE INDEX keys_unacknowledged ON keys (scope, key_type, unavailable_at, unacknowledged_since, deleted_at)
    WHERE unacknowledged_since IS NOT NULL AND deleted_at IS NULL;
