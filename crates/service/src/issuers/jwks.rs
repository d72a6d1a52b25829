//! An issuer's public keys (RFC 7517), and how a signature is held against them.
//!
//! What a token's header says of keys leads nowhere: `kid` is compared, and nothing else is read of it
//! (JW-02). A key takes the algorithms of its own kind alone (JW-01).

use aws_lc_rs::signature::{self as sign, RsaPublicKeyComponents, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::issuer::JwsAlgorithm;
use serde_json::Value;

/// Keys of one set; more are not read.
const MAX_KEYS: usize = 100;
/// The longest `kid`.
const MAX_KID_BYTES: usize = 256;
/// Bytes of the modulus of an RSA key: 2048 to 8192 bits.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// The keys that can be used.
#[derive(Debug, Default)]
pub(super) struct KeySet(Vec<PublicKey>);

#[derive(Debug)]
struct PublicKey {
    kid: Option<String>,
    /// The one algorithm that it is for, where it says so.
    algorithm: Option<JwsAlgorithm>,
    material: Material,
}

#[derive(Debug)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl KeySet {
    /// Reads a set. Keys of a kind that nobody here knows are passed over (RFC 7517 section 5), and so
    /// are symmetric ones and those that are not for signatures. `None`: it is no set.
    pub(super) fn read(json: &[u8]) -> Option<Self> {
        let set: Value = serde_json::from_slice(json).ok()?;
        let keys = set.get("keys")?.as_array()?;
        Some(Self(keys.iter().take(MAX_KEYS).filter_map(PublicKey::read).collect()))
    }

    /// Whether some key has this name.
    pub(super) fn has(&self, kid: &str) -> bool {
        self.0.iter().any(|key| key.kid.as_deref() == Some(kid))
    }

    /// Whether the signature holds. Without a `kid` there must be one key alone that could have made it.
    pub(super) fn verifies(
        &self,
        kid: Option<&str>,
        algorithm: JwsAlgorithm,
        message: &str,
        signature: &[u8],
    ) -> bool {
        let named = |key: &&PublicKey| kid.is_none_or(|kid| key.kid.as_deref() == Some(kid));
        let mut fitting = self.0.iter().filter(named).filter(|key| key.takes(algorithm));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => key.verifies(algorithm, message.as_bytes(), signature),
            // Two keys of one name and kind: nobody says which.
            (None | Some(_), _) => false,
        }
    }
}

impl PublicKey {
    fn read(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        if text("use").is_some_and(|of| of != "sig") {
            return None;
        }
        if let Some(operations) = jwk.get("key_ops") {
            operations.as_array()?.iter().find(|of| of.as_str() == Some("verify"))?;
        }
        let kid = match jwk.get("kid") {
            Some(kid) => Some(kid.as_str().filter(|kid| kid.len() <= MAX_KID_BYTES)?.to_owned()),
            None => None,
        };
        let algorithm = match jwk.get("alg") {
            Some(alg) => Some(JwsAlgorithm::parse(alg.as_str()?)?),
            None => None,
        };
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        let point = |length: usize| {
            let (x, y) = (bytes("x")?, bytes("y")?);
            (x.len() == length && y.len() == length).then(|| [&[4_u8][..], &x, &y].concat())
        };
        let material = match (text("kty")?, text("crv")) {
            ("RSA", _) => {
                let (n, e) = (bytes("n")?, bytes("e")?);
                // A leading zero is another spelling of the same number.
                let n: Vec<u8> = n.into_iter().skip_while(|byte| *byte == 0).collect();
                let good = RSA_BYTES.contains(&n.len()) && (1..=8).contains(&e.len());
                good.then_some(Material::Rsa { n, e })?
            }
            ("EC", Some("P-256")) => Material::P256(point(32)?),
            ("EC", Some("P-384")) => Material::P384(point(48)?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(bytes("x").filter(|x| x.len() == 32)?),
            _ => return None,
        };
        Some(Self { kid, algorithm, material })
    }

    fn takes(&self, algorithm: JwsAlgorithm) -> bool {
        use JwsAlgorithm as A;
        let of_kind = match &self.material {
            Material::Rsa { .. } => {
                matches!(algorithm, A::Rs256 | A::Rs384 | A::Rs512 | A::Ps256 | A::Ps384 | A::Ps512)
            }
            Material::P256(_) => algorithm == A::Es256,
            Material::P384(_) => algorithm == A::Es384,
            Material::Ed25519(_) => algorithm == A::EdDsa,
        };
        of_kind && self.algorithm.is_none_or(|only| only == algorithm)
    }

    fn verifies(&self, algorithm: JwsAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        use JwsAlgorithm as A;
        let rsa = |parameters| match &self.material {
            Material::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).is_ok()
            }
            Material::P256(_) | Material::P384(_) | Material::Ed25519(_) => false,
        };
        match (algorithm, &self.material) {
            (A::Rs256, _) => rsa(&sign::RSA_PKCS1_2048_8192_SHA256),
            (A::Rs384, _) => rsa(&sign::RSA_PKCS1_2048_8192_SHA384),
            (A::Rs512, _) => rsa(&sign::RSA_PKCS1_2048_8192_SHA512),
            (A::Ps256, _) => rsa(&sign::RSA_PSS_2048_8192_SHA256),
            (A::Ps384, _) => rsa(&sign::RSA_PSS_2048_8192_SHA384),
            (A::Ps512, _) => rsa(&sign::RSA_PSS_2048_8192_SHA512),
            (A::Es256, Material::P256(point)) => {
                UnparsedPublicKey::new(&sign::ECDSA_P256_SHA256_FIXED, point)
                    .verify(message, signature)
                    .is_ok()
            }
            (A::Es384, Material::P384(point)) => {
                UnparsedPublicKey::new(&sign::ECDSA_P384_SHA384_FIXED, point)
                    .verify(message, signature)
                    .is_ok()
            }
            (A::EdDsa, Material::Ed25519(point)) => {
                UnparsedPublicKey::new(&sign::ED25519, point).verify(message, signature).is_ok()
            }
            (A::Es256 | A::Es384 | A::EdDsa, _) => false,
        }
    }
}
