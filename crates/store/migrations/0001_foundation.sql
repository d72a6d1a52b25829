-- The installation, its keys, the audit log and the change feed.

CREATE TABLE installation (
  one {int} NOT NULL PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL
) {strict};

-- `check_value` tells the right master key from a wrong one before anything is written.
CREATE TABLE master_keys (
  n {int} NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  check_value {blob} NOT NULL,
  state TEXT NOT NULL
) {strict};

-- Long-lived keys (audit, signing), made at random once and sealed under a master key.
CREATE TABLE sealed_keys (
  name TEXT NOT NULL,
  generation {int} NOT NULL,
  sealed {blob} NOT NULL,
  PRIMARY KEY (name, generation)
) {strict};

-- `event` is the text that the link covers; the columns beside it only make it findable.
CREATE TABLE audit_events (
  seq {serial},
  scope TEXT NOT NULL,
  position {int} NOT NULL,
  key_generation {int} NOT NULL,
  link {blob} NOT NULL,
  event TEXT NOT NULL,
  at {int} NOT NULL,
  action TEXT NOT NULL,
  actor TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  UNIQUE (scope, position)
) {strict};
CREATE INDEX audit_events_by_subject ON audit_events (subject_kind, subject_id, seq);

CREATE TABLE audit_heads (
  scope TEXT NOT NULL PRIMARY KEY,
  position {int} NOT NULL,
  link {blob} NOT NULL
) {strict};

CREATE TABLE audit_signed_heads (
  scope TEXT NOT NULL,
  position {int} NOT NULL,
  link {blob} NOT NULL,
  at {int} NOT NULL,
  signature {blob} NOT NULL,
  PRIMARY KEY (scope, position, at)
) {strict};

-- What memory must learn. Numbers can become visible out of order on PostgreSQL.
CREATE TABLE changes (
  seq {serial},
  kind {int} NOT NULL,
  id TEXT NOT NULL,
  version {int} NOT NULL
) {strict};
