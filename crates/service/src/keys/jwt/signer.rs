//! What the JWTs of keys are signed with: Ed25519 keys of the installation's own, apart from every realm's.
//!
//! Each is 32 random bytes, sealed under a name that says its number and its `kid`. The first one is made
//! when the first JWT is; one with a higher number would sign from then on, and the others stay, because
//! what they signed has no end of its own.

use crate::{Service, error::Error, signing::thumbprint};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    actor::Actor,
    audit::{AuditEvent, Fact, Origin},
    id::Scope,
};
use serde_json::{Value, json};
use std::{
    cmp::Reverse,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use store::{Read, SealedKeyRow, Tx};
use zeroize::Zeroizing;

/// What the names begin with under which they are sealed.
const NAME: &str = "key-jwt/";

/// One of them.
pub(super) struct Signer {
    number: u32,
    kid: String,
    pair: Ed25519KeyPair,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.kid)
    }
}

impl Signer {
    pub(super) fn from_seed(number: u32, seed: &Zeroizing<[u8; 32]>) -> Result<Self, Error> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice())
            .map_err(|_| broken("cannot be read"))?;
        let x = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let kid = match json!({"crv": "Ed25519", "kty": "OKP", "x": x}) {
            Value::Object(jwk) => thumbprint(&jwk),
            _ => return Err(broken("has no public half")),
        };
        Ok(Self { number, kid, pair })
    }

    /// What a header names it by: the thumbprint of its public half (RFC 7638).
    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    pub(super) fn sign(&self, message: &str) -> Result<Vec<u8>, Error> {
        let signed = self.pair.try_sign(message.as_bytes());
        signed.map(|s| s.as_ref().to_vec()).map_err(|_| broken("does not sign"))
    }

    pub(super) fn signed(&self, message: &str, signature: &[u8]) -> bool {
        let public = UnparsedPublicKey::new(&ED25519, self.pair.public_key().as_ref());
        public.verify(message.as_bytes(), signature).is_ok()
    }

    fn name(&self) -> String {
        format!("{NAME}{}/{}", self.number, self.kid)
    }
}

/// Those that are known here, the one that signs first.
#[derive(Debug, Default)]
pub(crate) struct KnownSigners {
    known: Mutex<Arc<[Signer]>>,
    making: tokio::sync::Mutex<()>,
}

impl KnownSigners {
    fn read(&self) -> Arc<[Signer]> {
        Arc::clone(&self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, signers: &Arc<[Signer]>) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(signers);
    }
}

impl Service {
    /// The signers, at least one: made now, if there is none.
    pub(super) async fn key_signers(&self) -> Result<Arc<[Signer]>, Error> {
        let known = self.key_signers.read();
        if !known.is_empty() {
            return Ok(known);
        }
        let _turn = self.key_signers.making.lock().await;
        let read = self.read_key_signers().await?;
        if !read.is_empty() {
            return Ok(read);
        }
        self.make_key_signer().await?;
        self.read_key_signers().await
    }

    /// The signers, among them this one if it is of the installation: another node may have made it.
    pub(super) async fn key_signers_with(&self, kid: &str) -> Result<Arc<[Signer]>, Error> {
        let known = self.key_signers.read();
        if known.iter().any(|signer| signer.kid == kid) {
            return Ok(known);
        }
        self.read_key_signers().await
    }

    async fn read_key_signers(&self) -> Result<Arc<[Signer]>, Error> {
        let rows = self
            .store
            .read(|r: &mut Read| store::installation::list_sealed(r))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let mut signers: Vec<Signer> = Vec::new();
        let mut closed = false;
        for row in rows.iter().filter(|row| row.name.starts_with(NAME)) {
            let Some((number, kid)) = parts(&row.name) else { continue };
            if signers.iter().any(|signer| signer.kid == kid) {
                continue;
            }
            match self.keyring.open_named(&row.name, row.generation, &row.sealed) {
                Ok(seed) => signers.push(Signer::from_seed(number, &seed)?),
                // Under another master key the same one may open.
                Err(_) => closed = true,
            }
        }
        if signers.is_empty() && closed {
            return Err(broken("does not open"));
        }
        signers.sort_by(|a, b| (Reverse(a.number), &a.kid).cmp(&(Reverse(b.number), &b.kid)));
        let signers: Arc<[Signer]> = signers.into();
        self.key_signers.keep(&signers);
        Ok(signers)
    }

    async fn make_key_signer(&self) -> Result<(), Error> {
        let seed = Zeroizing::new(self.entropy.bytes::<32>());
        let made = Signer::from_seed(1, &seed)?;
        let name = made.name();
        let (generation, sealed) = self
            .keyring
            .seal_named(&name, seed.as_slice())
            .map_err(|e| Error::Internal(Box::new(e)))?;
        let row = SealedKeyRow { name, generation, sealed };
        let at = self.now().wall;
        let written = self.store.write(move |tx: &mut Tx| {
            // Of two nodes at once each may write one: then both are good, and the same one signs.
            if store::installation::list_sealed(tx)?.iter().any(|row| row.name.starts_with(NAME)) {
                return Err(Error::conflict("key_signer", "another node made it meanwhile"));
            }
            store::installation::put_sealed(tx, &row)?;
            let actor = Actor::system("key signer");
            let origin = Origin { actor, address: None, request_id: "key-jwt".to_owned(), at };
            let subject = ("key_signer", made.kid.clone());
            let event = AuditEvent::new("key_signer.create", Scope::Cluster, origin, subject)
                .after(vec![
                    ("kid", Fact::Text(made.kid.clone())),
                    ("algorithm", Fact::Text(super::ALGORITHM.to_owned())),
                ]);
            Ok(tx.commit(event, ())?)
        });
        match written.await {
            Ok(()) | Err(Error::Conflict { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn parts(name: &str) -> Option<(u32, &str)> {
    let (number, kid) = name.strip_prefix(NAME)?.split_once('/')?;
    Some((number.parse().ok()?, kid))
}

pub(super) fn broken(what: &str) -> Error {
    Error::Internal(Box::from(format!("the signer of keys' JWTs {what}")))
}
