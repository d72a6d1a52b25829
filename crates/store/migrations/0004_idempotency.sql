-- Calls that bore an Idempotency-Key. `key_mac` covers tenant, caller, route and key, `body_mac` the
-- path and the body: neither can be turned back, and a body may hold a secret. Without a status the
-- call is still being worked on, or nobody knows how it ended. The answer holds no secret.

CREATE TABLE idempotency (
    key_mac  {blob} NOT NULL PRIMARY KEY,
    body_mac {blob} NOT NULL,
    at       {int}  NOT NULL,
    status   {int},
    etag     TEXT,
    answer   TEXT
) {clustered};
CREATE INDEX idempotency_age ON idempotency (at);
