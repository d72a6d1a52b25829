-- Browsers that are signed in, by the digest of their cookie; codes on their way to a client; what
-- persons agreed to.
CREATE TABLE sessions (
    digest           {blob} NOT NULL PRIMARY KEY,
    id               TEXT   NOT NULL UNIQUE,
    person           {blob} NOT NULL,
    authenticated_at {int}  NOT NULL,
    last_seen_at     {int}  NOT NULL,
    expires_at       {int}  NOT NULL,
    address          TEXT,
    agent            TEXT,
    ended_at         {int}
) {clustered};
CREATE INDEX sessions_person ON sessions (person);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- state: 0 live, 1 used. A used one keeps the family it founded, which ends when it comes again.
CREATE TABLE authorization_codes (
    digest           {blob} NOT NULL PRIMARY KEY,
    client           {blob} NOT NULL,
    -- The tenant in whose realm it is exchanged; NULL: at the token service above realms.
    realm            TEXT,
    person           {blob} NOT NULL,
    -- The person's version that the sign-in proved.
    proven           {int}  NOT NULL,
    session          TEXT   NOT NULL,
    redirect_uri     TEXT   NOT NULL,
    scope            TEXT   NOT NULL,
    challenge        TEXT,
    nonce            TEXT,
    authenticated_at {int}  NOT NULL,
    issued_at        {int}  NOT NULL,
    expires_at       {int}  NOT NULL,
    state            {int}  NOT NULL,
    family           {blob}
) {clustered};
CREATE INDEX authorization_codes_expiry ON authorization_codes (expires_at);
CREATE INDEX authorization_codes_person ON authorization_codes (person);

CREATE TABLE consents (
    person     {blob} NOT NULL,
    client     {blob} NOT NULL,
    scopes     TEXT   NOT NULL,
    granted_at {int}  NOT NULL,
    PRIMARY KEY (person, client)
) {clustered};

-- Which session, and which sign-in, a family came of: NULL where no browser was there.
ALTER TABLE token_families ADD COLUMN session TEXT;
ALTER TABLE token_families ADD COLUMN authenticated_at {int};
CREATE INDEX token_families_session ON token_families (session) WHERE session IS NOT NULL;
