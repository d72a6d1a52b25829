-- What is enforced in front of APIs: policies, and the routes of the gateway.

-- Every change of a rule takes a turn: two of them are decided one after the other, and whoever keeps
-- all rules in memory knows which state of them is the newer one.
CREATE TABLE rule_turns (
    turn {int} NOT NULL PRIMARY KEY
) {strict};
INSERT INTO rule_turns (turn) VALUES (0);

-- The owner is a scope: whose administrators made it. The lists are JSON arrays; `identity` holds the
-- four headers in the order tenant, key id, key name, permissions.
CREATE TABLE policies (
    name         TEXT   NOT NULL PRIMARY KEY,
    tenant       TEXT   REFERENCES tenants (id),
    owner        TEXT   NOT NULL,
    key_types    TEXT   NOT NULL,
    any_of       {bool} NOT NULL,
    permissions  TEXT   NOT NULL,
    presented_in TEXT   NOT NULL,
    cost         {int}  NOT NULL,
    capacity     {int},
    frequency_s  {int},
    limited_as   {int}  NOT NULL,
    envelope     TEXT   NOT NULL,
    identity     TEXT   NOT NULL,
    created_at   {int}  NOT NULL,
    version      {int}  NOT NULL
) {strict};
CREATE INDEX policies_tenant ON policies (tenant) WHERE tenant IS NOT NULL;

-- The same, and where its calls come from and go to.
CREATE TABLE gateway_routes (
    name           TEXT   NOT NULL PRIMARY KEY,
    tenant         TEXT   REFERENCES tenants (id),
    owner          TEXT   NOT NULL,
    key_types      TEXT   NOT NULL,
    any_of         {bool} NOT NULL,
    permissions    TEXT   NOT NULL,
    presented_in   TEXT   NOT NULL,
    cost           {int}  NOT NULL,
    capacity       {int},
    frequency_s    {int},
    limited_as     {int}  NOT NULL,
    envelope       TEXT   NOT NULL,
    identity       TEXT   NOT NULL,
    created_at     {int}  NOT NULL,
    version        {int}  NOT NULL,
    host           TEXT,
    prefix         TEXT   NOT NULL,
    upstream       TEXT   NOT NULL,
    strip_prefix   {bool} NOT NULL,
    forward_secret {bool} NOT NULL,
    forward_host   {bool} NOT NULL,
    connect_ms     {int}  NOT NULL,
    answer_ms      {int}  NOT NULL,
    idle_ms        {int}  NOT NULL,
    max_body_bytes {int}
) {strict};
CREATE INDEX gateway_routes_tenant ON gateway_routes (tenant) WHERE tenant IS NOT NULL;
