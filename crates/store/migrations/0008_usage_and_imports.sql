-- Usage by day, which outlives the hours, and which keys an import brought.

-- The key id of what was found nowhere is empty.
CREATE TABLE usage_days (
    key_id  {blob} NOT NULL,
    day     {int}  NOT NULL,
    verdict {int}  NOT NULL,
    count   {int}  NOT NULL,
    PRIMARY KEY (key_id, day, verdict)
) {clustered};
CREATE INDEX usage_days_age ON usage_days (day);
INSERT INTO usage_days (key_id, day, verdict, count)
    SELECT key_id, hour - hour % 86400000, verdict, SUM(count) FROM usage_hours
    GROUP BY key_id, hour - hour % 86400000, verdict;

-- What an import sends again is told apart from what is taken.
CREATE TABLE key_imports (
    key_id {blob} NOT NULL PRIMARY KEY,
    batch  TEXT   NOT NULL
) {clustered};
