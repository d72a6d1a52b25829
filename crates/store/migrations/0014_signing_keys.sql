-- What realms sign with. `kid` is the thumbprint of RFC 7638, `public_key` the JWK's public members;
-- `sealed` is the private half, and gone once the key has stopped signing.
CREATE TABLE signing_keys (
    kid          TEXT   NOT NULL PRIMARY KEY,
    tenant       TEXT   NOT NULL REFERENCES tenants (id),
    algorithm    TEXT   NOT NULL,
    public_key   TEXT   NOT NULL,
    generation   {int},
    sealed       {blob},
    created_at   {int}  NOT NULL,
    -- Published before it signs, served after it has signed.
    signs_from   {int}  NOT NULL,
    signs_until  {int},
    serves_until {int}
) {strict};
CREATE INDEX signing_keys_tenant ON signing_keys (tenant, created_at);
-- Of each tenant one key has no successor.
CREATE UNIQUE INDEX signing_keys_newest ON signing_keys (tenant) WHERE signs_until IS NULL;
