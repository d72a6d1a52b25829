-- What the Environment Service is told of environments, and the origins of browsers.

-- JSON, as the wire shows it; read by nothing else. NULL: made by the first start.
ALTER TABLE environments ADD COLUMN details TEXT;

-- Two lists of origins: `origins` is the new one, a JSON array. `value` is the old one as it was given,
-- with commas; NULL while it never was. The version counts the changes of both.
CREATE TABLE cors (
    tenant   TEXT   NOT NULL PRIMARY KEY REFERENCES tenants (id),
    origins  TEXT   NOT NULL,
    location TEXT,
    shared   {bool},
    value    TEXT,
    version  {int}  NOT NULL
) {strict};
