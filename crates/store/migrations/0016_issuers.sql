-- Issuers outside that a tenant believes. Those of the cluster stand in the configuration alone.
CREATE TABLE issuers (
    id         TEXT   NOT NULL PRIMARY KEY,
    tenant     TEXT   NOT NULL REFERENCES tenants (id),
    name       TEXT   NOT NULL,
    issuer     TEXT   NOT NULL,
    -- JSON: how it is spoken to, what of its claims is believed.
    settings   TEXT   NOT NULL,
    generation {int},
    secret     {blob},
    enabled    {bool} NOT NULL,
    created_at {int}  NOT NULL,
    version    {int}  NOT NULL
) {strict};
CREATE UNIQUE INDEX issuers_name ON issuers (tenant, name);
CREATE UNIQUE INDEX issuers_issuer ON issuers (tenant, issuer);
