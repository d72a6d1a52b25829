//! Secrets as rows hold them. Sealing and opening are the business of the layer above.

use domain::{
    id::{KeyId, Scope},
    secret::SecretDigest,
    time::Timestamp,
};
use std::{fmt, sync::Arc};

/// A secret as it is stored. `generation` is the number of the master key that wrote it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSecret {
    /// 0 and 1 take turns as a key is rotated.
    pub slot: u8,
    /// HMAC(index key, SHA-256(secret)): what makes it unique.
    pub lookup: [u8; 32],
    /// The number of the master key.
    pub generation: i32,
    /// AEAD(sealing key, SHA-256(secret)).
    pub sealed_digest: Vec<u8>,
    /// AEAD(sealing key, secret), for recoverable types.
    pub sealed_secret: Option<Vec<u8>>,
    /// Prefix and last four characters.
    pub hint: String,
    /// When it ends; `None` for the current one.
    pub ends_at: Option<Timestamp>,
    /// When it was made; `None`: not known, or, of a new key's, with its key.
    pub created_at: Option<Timestamp>,
}

impl fmt::Debug for StoredSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredSecret")
            .field("slot", &self.slot)
            .field("generation", &self.generation)
            .field("hint", &self.hint)
            .field("ends_at", &self.ends_at)
            .finish_non_exhaustive()
    }
}

/// A sealed digest with everything that it was sealed together with.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedDigest {
    /// The key's scope.
    pub scope: Scope,
    /// The key.
    pub key_id: KeyId,
    /// The name of its type.
    pub key_type: String,
    /// The secret's slot.
    pub slot: u8,
    /// The number of the master key.
    pub generation: i32,
    /// What is to be opened.
    pub sealed: Vec<u8>,
}

/// Opens a sealed digest; `None` when it does not open.
pub type Opener = Arc<dyn Fn(&SealedDigest) -> Option<SecretDigest> + Send + Sync>;
