//! The keys of one realm, ready for use.

use super::key_pair::KeyPair;
use crate::{Error, seal::Keyring};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{
    signing::{SigningKey, Stage},
    time::Timestamp,
};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::signing_keys::StoredSigningKey;

/// The keys of one realm: those to come, the one that signs, and those that others still ask for.
#[derive(Debug)]
pub struct RealmKeys(Vec<RealmKey>);

#[derive(Debug)]
pub(super) struct RealmKey {
    pub(super) key: SigningKey,
    pub(super) public_jwk: Map<String, Value>,
    pub(super) pair: Option<Arc<KeyPair>>,
}

impl RealmKeys {
    /// Opens the private halves that there are.
    pub(super) fn open(stored: &[StoredSigningKey], keyring: &Keyring) -> Result<Self, Error> {
        let broken = |what: &str| Error::Internal(Box::from(format!("a signing key's {what}")));
        let open = |stored: &StoredSigningKey| {
            let key = stored.key.clone();
            let pair = match &stored.private {
                Some(private) => {
                    let pkcs8 = keyring
                        .open_signing_key(&key, private)
                        .map_err(|_| broken("private half does not open"))?;
                    let pair = KeyPair::from_pkcs8(key.algorithm, &pkcs8);
                    Some(Arc::new(pair.map_err(|_| broken("private half cannot be read"))?))
                }
                None => None,
            };
            let public_jwk = serde_json::from_str(&key.public_key)
                .map_err(|_| broken("public half cannot be read"))?;
            Ok(RealmKey { key, public_jwk, pair })
        };
        stored.iter().map(open).collect::<Result<_, _>>().map(Self)
    }

    /// The key that signs at this instant.
    #[must_use]
    pub fn signing(&self, at: Timestamp) -> Option<&SigningKey> {
        self.signer(at).map(|(of, _)| &of.key)
    }

    /// Every key of the realm, in the order in which they sign.
    pub fn all(&self) -> impl Iterator<Item = &SigningKey> {
        self.0.iter().map(|of| &of.key)
    }

    /// The set that the realm publishes at this instant (RFC 7517 section 5): the key that signs, those
    /// to come, then those that others still ask for.
    #[must_use]
    pub fn published(&self, at: Timestamp) -> Value {
        let place = |of: &&RealmKey| match of.key.stage(at) {
            Stage::Signing => 0,
            Stage::Next => 1,
            Stage::Served => 2,
            Stage::Ended => 3,
        };
        let mut keys: Vec<&RealmKey> = self.0.iter().filter(|of| of.key.is_published(at)).collect();
        keys.sort_by_key(place);
        json!({"keys": keys.into_iter().map(RealmKey::published).collect::<Vec<_>>()})
    }

    /// The public half of the key that signs, in Base64 as a certificate holds it.
    #[must_use]
    pub fn public_key(&self, at: Timestamp) -> Option<String> {
        let der = self.signer(at)?.1.public_der().ok()?;
        Some(BASE64_STANDARD.encode(der))
    }

    pub(super) fn signer(&self, at: Timestamp) -> Option<(&RealmKey, &Arc<KeyPair>)> {
        let of = self.0.iter().find(|of| of.key.stage(at) == Stage::Signing)?;
        of.pair.as_ref().map(|pair| (of, pair))
    }

    pub(super) fn find(&self, kid: &str, at: Timestamp) -> Option<&RealmKey> {
        self.0.iter().find(|of| of.key.kid == kid && of.key.is_published(at))
    }
}

impl RealmKey {
    /// The JWK, its members in the order of Keycloak.
    fn published(&self) -> Value {
        let mut jwk = Map::new();
        let kty = self.public_jwk.get("kty").cloned().unwrap_or_default();
        jwk.insert("kid".to_owned(), self.key.kid.clone().into());
        jwk.insert("kty".to_owned(), kty);
        jwk.insert("alg".to_owned(), self.key.algorithm.as_str().into());
        jwk.insert("use".to_owned(), "sig".into());
        for name in ["crv", "x", "y", "n", "e"] {
            if let Some(value) = self.public_jwk.get(name) {
                jwk.insert(name.to_owned(), value.clone());
            }
        }
        Value::Object(jwk)
    }
}
