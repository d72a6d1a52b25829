//! The only crate that knows SQL: one text for `SQLite` and `PostgreSQL`.
//!
//! Everything below the door is synchronous; async ends at [`Store::write`] and its like (store.rs).
//! A write is a closure over [`Tx`] that ends in [`Tx::commit`] with an audit event, or changes
//! nothing; what it changed is told to `verifier` after the commit and before the answer. Read tx.rs
//! next, then the file of a table family; `sqlite_writer.rs` and `postgres_pool.rs` are how a write
//! runs, feed.rs is how other nodes learn of it.
//! No HTTP, no policy, no clock: instants and randomness come in as values.

mod chain;
mod changes;
mod dialect;
mod driver;
mod error;
mod event_text;
mod feed;
mod job;
mod json_list;
mod like;
mod listen;
mod load;
mod many;
mod migrate;
mod pool;
mod position;
mod postgres;
mod postgres_pool;
mod postgres_tls;
mod sealed;
mod sqlite;
mod sqlite_writer;
mod start;
mod store;
#[cfg(test)]
mod table_tests;
mod tx;
mod value;

#[cfg(test)]
mod driver_tests;

pub mod attempts;
pub mod audit;
pub mod authorization_codes;
pub mod backup;
pub mod clients;
pub mod consents;
pub mod cors;
pub mod gateway_routes;
pub mod idempotency;
pub mod installation;
pub mod issuers;
pub mod key_policies;
pub mod key_types;
pub mod keys;
pub mod master_keys;
pub mod nodes;
pub mod persons;
pub mod plain;
pub mod policies;
pub mod reseal;
pub mod restore;
pub mod roles;
pub mod rules;
pub mod sessions;
pub mod signing_keys;
pub mod tenants;
pub mod tokens;
pub mod usage;

pub use domain::secret::Secret;
pub use error::{Error, Source};
pub use installation::{Installation, MasterKeyRow, NewInstallation, SealedKeyRow};
pub use sealed::{Opener, SealedDigest, StoredSecret};
pub use store::Store;
pub use tx::{Bookkeeping, Committed, Read, Tx, Writer};

pub(crate) use changes::Apply;
pub(crate) use value::{Row, Value};

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex},
};
use verifier::{Now, Verifier};
use zeroize::Zeroizing;

/// Where the data lies.
pub enum Database {
    /// A file, and a lock beside it.
    Sqlite {
        /// The database file; made when it is not there.
        path: PathBuf,
    },
    /// A server.
    Postgres {
        /// `postgres://…`; never printed, it holds a password.
        url: Secret,
    },
}

/// What an operator may set.
#[derive(Clone, Debug)]
pub struct Options {
    /// `SQLite`: connections for reading.
    pub readers: usize,
    /// `SQLite`: whether a commit waits for the disk. Off only in tests.
    pub fsync: bool,
    /// `SQLite`: page cache of each reader, in KiB; the writer has eight times that, as it needs it.
    pub cache_kib: u32,
    /// `PostgreSQL`: connections.
    pub connections: usize,
    /// `PostgreSQL`: certificate authorities in PEM; the public ones when absent.
    pub database_ca: Option<Vec<u8>>,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, fsync: true, cache_kib: 16 * 1024, connections: 16, database_ca: None }
    }
}

/// What the store needs of the keys that were unsealed.
pub struct Unlocked {
    /// The key of the audit chain.
    pub audit_key: Zeroizing<[u8; 32]>,
    /// Opens a key's sealed digest.
    pub opener: Opener,
    /// Whether master keys of these numbers are at hand.
    pub knows: master_keys::Knows,
    /// Is told of each tenant's own key type: at the start, and when one was made or changed.
    pub key_types: key_types::Listener,
    /// Is told of each tenant's lists of origins: at the start, and when one was changed.
    pub cors: cors::Listener,
    /// Is told of all policies and routes of the gateway: at the start, and when one was changed.
    pub rules: rules::Listener,
    /// Is told of each issuer outside: at the start, and when one was made, changed or deleted.
    pub issuers: issuers::Listener,
    /// Is told of each tenant whose signing keys changed.
    pub signing_keys: signing_keys::Listener,
}

/// Both clocks; the store reads none by itself.
#[derive(Clone)]
pub struct Clock(pub Arc<dyn Fn() -> Now + Send + Sync>);

/// What is there once the store was started.
pub(crate) struct Live {
    pub(crate) audit_key: chain::AuditKey,
    pub(crate) opener: Opener,
    pub(crate) knows: master_keys::Knows,
    pub(crate) key_types: key_types::Listener,
    pub(crate) cors: cors::Listener,
    pub(crate) rules: rules::Listener,
    pub(crate) issuers: issuers::Listener,
    pub(crate) signing_keys: signing_keys::Listener,
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) clock: Clock,
    /// Counts the removals of tokens; see changes.rs.
    pub(crate) token_removals: Mutex<u64>,
    /// Rows of `changes` that this node wrote and the feed has not come across yet, with how many
    /// there are of each. `None`: no feed reads them.
    pub(crate) own: Option<Mutex<HashMap<(i64, String, u32), u32>>>,
    /// Kinds and ids whose commit nobody knows of; see changes.rs.
    pub(crate) doubtful: Mutex<Vec<(i64, String)>>,
}
