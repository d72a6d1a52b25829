//! Signed heads of the audit chains (Ed25519): whoever kept one finds a chain that was cut off.

use crate::{Service, error::Error};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use domain::{id::Scope, time::Timestamp};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use store::audit::{ChainHead, SignedHead};
use zeroize::Zeroizing;

/// Signs heads with a key that lives sealed in the database.
pub struct HeadSigner {
    key: Ed25519KeyPair,
    /// Where each chain ended when it was last signed by this process.
    signed: Mutex<HashMap<Scope, i64>>,
}

impl fmt::Debug for HeadSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeadSigner")
    }
}

impl HeadSigner {
    /// Makes the signer from its 32-byte seed.
    ///
    /// # Errors
    /// The seed is no Ed25519 seed.
    pub fn from_seed(seed: &Zeroizing<[u8; 32]>) -> Result<Self, Error> {
        Ed25519KeyPair::from_seed_unchecked(seed.as_slice())
            .map(|key| Self { key, signed: Mutex::default() })
            .map_err(|_| Error::Internal(Box::from("the head-signing key is damaged")))
    }

    /// The public key.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        self.key.public_key().as_ref()
    }

    /// Signs one head.
    #[must_use]
    pub fn sign(&self, head: &Head) -> Vec<u8> {
        self.key.sign(head.message().as_bytes()).as_ref().to_vec()
    }

    fn is_news(&self, head: &ChainHead) -> bool {
        let signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        signed.get(&head.scope).is_none_or(|position| *position < head.position)
    }

    fn remember(&self, head: &ChainHead) {
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        signed.insert(head.scope, head.position);
    }
}

/// The end of one chain at one instant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The chain.
    pub scope: Scope,
    /// The position of its last event; 0 for an empty chain.
    pub position: i64,
    /// The link of that event.
    pub link: [u8; 32],
    /// When the head was signed.
    pub at: Timestamp,
}

impl Head {
    /// The head that a signature was made for.
    #[must_use]
    pub const fn of(signed: &SignedHead) -> Self {
        let ChainHead { scope, position, link } = signed.head;
        Self { scope, position, link, at: signed.at }
    }

    /// The line that is signed: `keyward-head/1 <chain> <position> <link in hex> <instant>`.
    #[must_use]
    pub fn message(&self) -> String {
        let link: String = self.link.iter().map(|b| format!("{b:02x}")).collect();
        format!("keyward-head/1 {} {} {link} {}", self.scope, self.position, self.at)
    }
}

/// Whether `signature` is the signature of `message` by `public_key`.
#[must_use]
pub fn is_signed(public_key: &[u8], message: &str, signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key).verify(message.as_bytes(), signature).is_ok()
}

impl Service {
    /// Signs the head of every chain that has grown since the last time, stores it, and writes it to
    /// the log, where a copy outlives an edited database.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn sign_heads(&self) -> Result<usize, Error> {
        let at = self.now().wall;
        let heads = self.store.read(store::audit::heads).await?;
        let signed: Vec<SignedHead> = heads
            .into_iter()
            .filter(|head| self.head_signer.is_news(head))
            .map(|head| {
                let signature = self.head_signer.sign(&Head {
                    scope: head.scope,
                    position: head.position,
                    link: head.link,
                    at,
                });
                SignedHead { head, at, signature }
            })
            .collect();
        let signed = Arc::new(signed);
        let written = Arc::clone(&signed);
        self.store
            .record(move |b| store::audit::sign_heads(b, &written))
            .await
            .map_err(Error::from)?;
        for one in signed.iter() {
            self.head_signer.remember(&one.head);
            let head = Head::of(one).message();
            let signature: String = one.signature.iter().map(|b| format!("{b:02x}")).collect();
            tracing::info!(%head, %signature, "audit head signed");
        }
        Ok(signed.len())
    }
}
