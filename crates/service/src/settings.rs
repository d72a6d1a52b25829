//! What the operator configures and use cases need. Made by `keyward`, ready to use.

use crate::password::Cost;
use domain::rate_limit::Limit;

/// Settings of the use cases.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// The address that people and programs reach Keyward at; links and issuers begin with it.
    pub public_url: String,
    /// Nodes that share the limits; each enforces its part.
    pub nodes: u32,
    /// A node that has not read the change feed for so long answers 503 (milliseconds).
    pub stale_after_ms: u64,
    /// Memory that live limits may take (bytes) before new ones are kept coarser.
    pub limiter_bytes: usize,
    /// Keys that memory is reserved for at start.
    pub expected_keys: usize,
    /// The cost of a password hash.
    pub password_cost: Cost,
    /// Password hashes at once.
    pub password_hashes_at_once: usize,
    /// Failed credentials that one source may present.
    pub failed_credentials: Option<Limit>,
    /// Connections to PostgreSQL, or readers of SQLite.
    pub database_connections: usize,
    /// How often one master key may seal before another one must write (KR-05).
    pub max_seals: u64,
    /// Days for which audit events are kept; `None`: for ever.
    pub audit_retention_days: Option<u32>,
    /// Days after which a realm's signing key gets a successor.
    pub signing_key_days: u32,
    /// Without a call for so long a browser's session is over (seconds).
    pub session_idle_s: u32,
    /// After so long a browser's session is over whatever it calls (seconds).
    pub session_absolute_s: u32,
    /// Whether a write reaches the disk before it is answered. Off only in tests.
    pub durable: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            nodes: 1,
            stale_after_ms: 900_000,
            limiter_bytes: 256 << 20,
            expected_keys: 1_024,
            password_cost: Cost::default(),
            password_hashes_at_once: 2,
            failed_credentials: Limit::new(100, 60).ok(),
            database_connections: 16,
            max_seals: crate::seal::MAX_SEALS,
            audit_retention_days: None,
            signing_key_days: crate::signing::DEFAULT_DAYS,
            session_idle_s: domain::session::IDLE_S,
            session_absolute_s: domain::session::ABSOLUTE_S,
            durable: true,
        }
    }
}
