-- Tenants, persons, roles, clients, tokens, keys, sign-in attempts, usage.
--
-- One text for both databases: types, and how a table ends, stand in braces. In a {clustered} table
-- rows lie in the order of the primary key.
-- Instants are Unix milliseconds. Lists are JSON arrays. A scope is a tenant's id or '*'.
-- Ids are hyphenated text, but for what there is by the million (keys, tokens): 16 bytes there.

CREATE TABLE environments (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    created_at {int}  NOT NULL
) {strict};

CREATE TABLE tenants (
    id          TEXT   NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    environment TEXT   REFERENCES environments (id),
    realm       TEXT   UNIQUE,
    auth        TEXT   NOT NULL,
    enabled     {bool} NOT NULL,
    created_at  {int}  NOT NULL,
    deleted_at  {int},
    version     {int}  NOT NULL
) {strict};
CREATE INDEX tenants_listed ON tenants (created_at, id) WHERE deleted_at IS NULL;

-- A domain names one tenant in the whole installation; place 0 is the short name.
CREATE TABLE tenant_domains (
    domain TEXT  NOT NULL PRIMARY KEY,
    tenant TEXT  NOT NULL REFERENCES tenants (id),
    place  {int} NOT NULL
) {strict};
CREATE INDEX tenant_domains_tenant ON tenant_domains (tenant, place);

CREATE TABLE roles (
    scope        TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    cluster_only {bool} NOT NULL,
    rights       TEXT   NOT NULL,
    PRIMARY KEY (scope, name)
) {strict};

-- `version` counts changes of the person; `revision` counts whatever changes what the person may do,
-- so also a change of a role. Memory is kept true by the second, the ETag and the audit log by the first.
CREATE TABLE persons (
    id                   TEXT   NOT NULL PRIMARY KEY,
    scope                TEXT   NOT NULL,
    username             TEXT   NOT NULL,
    folded               TEXT   NOT NULL,
    roles                TEXT   NOT NULL,
    enabled              {bool} NOT NULL,
    must_change_password {bool} NOT NULL,
    password             TEXT   NOT NULL,
    created_at           {int}  NOT NULL,
    deleted              {bool} NOT NULL,
    version              {int}  NOT NULL,
    revision             {int}  NOT NULL
) {strict};
CREATE UNIQUE INDEX persons_username ON persons (scope, folded) WHERE NOT deleted;

CREATE TABLE clients (
    id                TEXT   NOT NULL PRIMARY KEY,
    client_id         TEXT   NOT NULL,
    scope             TEXT   NOT NULL,
    name              TEXT   NOT NULL,
    description       TEXT,
    public            {bool} NOT NULL,
    grants            TEXT   NOT NULL,
    scopes            TEXT   NOT NULL,
    redirect_uris     TEXT   NOT NULL,
    roles             TEXT   NOT NULL,
    rights            TEXT   NOT NULL,
    contact_centers   TEXT   NOT NULL,
    authorities       TEXT   NOT NULL,
    access_ttl_s      {int}  NOT NULL,
    refresh_ttl_s     {int}  NOT NULL,
    enabled           {bool} NOT NULL,
    secret_generation {int},
    secret_digest     {blob},
    created_at        {int}  NOT NULL,
    deleted           {bool} NOT NULL,
    version           {int}  NOT NULL,
    revision          {int}  NOT NULL
) {strict};
CREATE UNIQUE INDEX clients_client_id ON clients (client_id) WHERE NOT deleted;

-- One row a sign-in that got a refresh token. Its row is what two refreshes, or a refresh and a
-- revocation, queue for: without it a revocation could miss a pair that is being written meanwhile.
CREATE TABLE token_families (
    id         {blob} NOT NULL PRIMARY KEY,
    principal  {blob} NOT NULL,
    uses       {int}  NOT NULL,
    expires_at {int}  NOT NULL,
    revoked_at {int}
) {clustered};
CREATE INDEX token_families_principal ON token_families (principal);
CREATE INDEX token_families_expiry ON token_families (expires_at);

-- kind: 0 access, 1 refresh. principal_kind: 0 person, 1 client. state: 0 live, 1 used, 2 revoked.
CREATE TABLE tokens (
    digest         {blob} NOT NULL PRIMARY KEY,
    kind           {int}  NOT NULL,
    family         {blob} NOT NULL,
    principal_kind {int}  NOT NULL,
    principal      {blob} NOT NULL,
    client         {blob} NOT NULL,
    scope          TEXT   NOT NULL,
    issued_at      {int}  NOT NULL,
    expires_at     {int}  NOT NULL,
    state          {int}  NOT NULL,
    ended_at       {int}
) {clustered};
CREATE INDEX tokens_family ON tokens (family);
CREATE INDEX tokens_principal ON tokens (principal);
CREATE INDEX tokens_expiry ON tokens (expires_at);

-- `search` is the name and the creator in lower case. `unavailable_at` is the earlier one of
-- expires_at and revoked_at. A deleted key keeps its row for the audit log.
CREATE TABLE keys (
    id              {blob} NOT NULL PRIMARY KEY,
    scope           TEXT   NOT NULL,
    key_type        TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    description     TEXT,
    owner           TEXT,
    permissions     TEXT   NOT NULL,
    enabled         {bool} NOT NULL,
    starts_at       {int},
    expires_at      {int},
    revoked_at      {int},
    revoke_reason   TEXT,
    capacity        {int},
    frequency_s     {int},
    allow_list      TEXT   NOT NULL,
    hint            TEXT   NOT NULL,
    acknowledged_at {int},
    created_at      {int}  NOT NULL,
    created_by      TEXT   NOT NULL,
    version         {int}  NOT NULL,
    unavailable_at  {int},
    search          TEXT   NOT NULL,
    deleted_at      {int}
) {clustered};
-- The lists read these two backwards; a search or a status reads nothing else until it finds something.
-- (SQLite looks into the row for deleted_at, although it is NULL in all of these, unless it is a column.)
CREATE INDEX keys_listed ON keys (scope, created_at, id, key_type, unavailable_at, search, deleted_at)
    WHERE deleted_at IS NULL;
CREATE INDEX keys_listed_all ON keys (created_at, id, key_type, unavailable_at, search, deleted_at)
    WHERE deleted_at IS NULL;
CREATE INDEX keys_owner ON keys (owner) WHERE owner IS NOT NULL;

-- In the order of keys, so that a start reads both in one pass. `lookup` is the one key space: a row
-- here takes its secret. Deleting a key frees it, unless the key was revoked: then it stays taken.
CREATE TABLE secrets (
    key_id        {blob} NOT NULL,
    slot          {int}  NOT NULL,
    lookup        {blob} NOT NULL UNIQUE,
    generation    {int}  NOT NULL,
    sealed_digest {blob} NOT NULL,
    sealed_secret {blob},
    hint          TEXT   NOT NULL,
    ends_at       {int},
    PRIMARY KEY (key_id, slot)
) {clustered};
CREATE INDEX secrets_generation ON secrets (generation, lookup);

-- Two counters an attempt, and a third one instead for sources that signed in before:
-- (name, ''), ('', source), (name, source). Names and sources are MACs.
CREATE TABLE sign_in_attempts (
    name_mac     {blob} NOT NULL,
    source_mac   {blob} NOT NULL,
    failures     {int}  NOT NULL,
    locked_until {int}  NOT NULL,
    last_at      {int}  NOT NULL,
    proven_at    {int},
    PRIMARY KEY (name_mac, source_mac)
) {clustered};
CREATE INDEX sign_in_attempts_age ON sign_in_attempts (last_at);

-- One row a flush, packed; a job rolls them up into the two tables below.
CREATE TABLE usage_journal (
    at     {int}  NOT NULL,
    place  {int}  NOT NULL,
    packed {blob} NOT NULL,
    PRIMARY KEY (at, place)
) {strict};

-- The key id of what was found nowhere is empty.
CREATE TABLE usage_hours (
    key_id  {blob} NOT NULL,
    hour    {int}  NOT NULL,
    verdict {int}  NOT NULL,
    count   {int}  NOT NULL,
    PRIMARY KEY (key_id, hour, verdict)
) {clustered};
CREATE INDEX usage_hours_age ON usage_hours (hour);

CREATE TABLE key_usage (
    key_id    {blob} NOT NULL PRIMARY KEY,
    last_used {int}  NOT NULL
) {clustered};
