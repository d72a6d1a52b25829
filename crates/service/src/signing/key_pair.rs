//! Key pairs of the three algorithms.
//!
//! Parsed once and kept: a library that takes the key's bytes with every call parses and checks them
//! every time, which costs more than an ES256 signature does (docs/adr/0008-signing.md).

use crate::seal::SealFailed;
use aws_lc_rs::{
    digest::{SHA256, digest},
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{
        self, ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::signing::Algorithm;
use serde_json::{Map, Value, json};
use std::fmt;
use zeroize::Zeroizing;

/// A key that signs. Its memory is wiped when it is dropped.
pub(super) enum KeyPair {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyPair(…)")
    }
}

impl KeyPair {
    /// Makes a key: a quarter of a second for RSA, so that a thread for blocking work does it. The
    /// library draws from its own generator, which takes no other source.
    pub(super) fn generate(algorithm: Algorithm) -> Result<Self, SealFailed> {
        match algorithm {
            Algorithm::Rs256 => RsaKeyPair::generate(KeySize::Rsa2048).map(Self::Rsa),
            Algorithm::Es256 => {
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Self::Ecdsa)
            }
            Algorithm::EdDsa => Ed25519KeyPair::generate().map(Self::Ed25519),
        }
        .map_err(|_| SealFailed)
    }

    /// Reads what [`Self::to_pkcs8`] wrote.
    pub(super) fn from_pkcs8(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self, SealFailed> {
        match algorithm {
            Algorithm::Rs256 => RsaKeyPair::from_pkcs8(pkcs8).map(Self::Rsa),
            Algorithm::Es256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map(Self::Ecdsa)
            }
            Algorithm::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).map(Self::Ed25519),
        }
        .map_err(|_| SealFailed)
    }

    /// The private half, to be sealed.
    pub(super) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, SealFailed> {
        let bytes = match self {
            Self::Rsa(key) => AsDer::<Pkcs8V1Der<'_>>::as_der(key).map(|der| der.as_ref().to_vec()),
            Self::Ecdsa(key) => key.to_pkcs8v1().map(|der| der.as_ref().to_vec()),
            Self::Ed25519(key) => key.to_pkcs8().map(|der| der.as_ref().to_vec()),
        };
        bytes.map(Zeroizing::new).map_err(|_| SealFailed)
    }

    /// The members of the public JWK that the thumbprint of RFC 7638 is made of, in its order.
    pub(super) fn public_jwk(&self) -> Map<String, Value> {
        let text = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let members = match self {
            Self::Rsa(key) => {
                let public = key.public_key();
                let n = text(public.modulus().big_endian_without_leading_zero());
                let e = text(public.exponent().big_endian_without_leading_zero());
                json!({"e": e, "kty": "RSA", "n": n})
            }
            Self::Ecdsa(key) => {
                // 4, then both coordinates (SEC 1 section 2.3.3).
                let point = key.public_key().as_ref().get(1..).unwrap_or_default();
                let (x, y) = point.split_at(point.len() / 2);
                json!({"crv": "P-256", "kty": "EC", "x": text(x), "y": text(y)})
            }
            Self::Ed25519(key) => {
                json!({"crv": "Ed25519", "kty": "OKP", "x": text(key.public_key().as_ref())})
            }
        };
        match members {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// The public half as a certificate would hold it: `SubjectPublicKeyInfo`.
    pub(super) fn public_der(&self) -> Result<Vec<u8>, SealFailed> {
        let der = match self {
            Self::Rsa(key) => AsDer::<PublicKeyX509Der<'_>>::as_der(key.public_key()),
            Self::Ecdsa(key) => AsDer::<PublicKeyX509Der<'_>>::as_der(key.public_key()),
            Self::Ed25519(key) => AsDer::<PublicKeyX509Der<'_>>::as_der(key.public_key()),
        };
        der.map(|der| der.as_ref().to_vec()).map_err(|_| SealFailed)
    }

    /// Signs, in the form of RFC 7518 and RFC 8037.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SealFailed> {
        // The calls that take a digest want no source of randomness beside it.
        match self {
            Self::Rsa(key) => {
                let mut signed = vec![0; key.public_modulus_len()];
                key.sign_digest(&RSA_PKCS1_SHA256, &digest(&SHA256, message), &mut signed)
                    .map(|()| signed)
            }
            Self::Ecdsa(key) => {
                key.sign_digest(&digest(&SHA256, message)).map(|signed| signed.as_ref().to_vec())
            }
            Self::Ed25519(key) => key.try_sign(message).map(|signed| signed.as_ref().to_vec()),
        }
        .map_err(|_| SealFailed)
    }
}

/// The thumbprint of RFC 7638: SHA-256 over the members in the order of their names, without spaces.
pub(crate) fn thumbprint(public_jwk: &Map<String, Value>) -> String {
    let text = Value::Object(public_jwk.clone()).to_string();
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

/// Whether `signed` is a signature over `message` by the key with this public JWK.
pub(super) fn verifies(
    algorithm: Algorithm,
    public_jwk: &Map<String, Value>,
    message: &[u8],
    signed: &[u8],
) -> bool {
    let member = |name: &str| {
        let text = public_jwk.get(name).and_then(Value::as_str)?;
        BASE64_URL_SAFE_NO_PAD.decode(text).ok()
    };
    let verified = match algorithm {
        Algorithm::Rs256 => member("n").zip(member("e")).map(|(n, e)| {
            let key = signature::RsaPublicKeyComponents { n, e };
            key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signed)
        }),
        Algorithm::Es256 => member("x").zip(member("y")).map(|(x, y)| {
            let point = [&[4], x.as_slice(), y.as_slice()].concat();
            signature::UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .verify(message, signed)
        }),
        Algorithm::EdDsa => member("x")
            .map(|x| signature::UnparsedPublicKey::new(&ED25519, x).verify(message, signed)),
    };
    verified.is_some_and(|verified| verified.is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_each_algorithm_is_written_read_and_verifies_what_it_signed() {
        for algorithm in Algorithm::ALL {
            let made = KeyPair::generate(algorithm).unwrap();
            let read = KeyPair::from_pkcs8(algorithm, &made.to_pkcs8().unwrap()).unwrap();
            let jwk = made.public_jwk();
            assert_eq!(jwk, read.public_jwk());
            let signed = read.sign(b"message").unwrap();
            assert!(verifies(algorithm, &jwk, b"message", &signed), "{algorithm:?}");
            assert!(!verifies(algorithm, &jwk, b"massage", &signed), "{algorithm:?}");
            let other = KeyPair::generate(algorithm).unwrap().public_jwk();
            assert!(!verifies(algorithm, &other, b"message", &signed), "{algorithm:?}");
            assert!(!verifies(algorithm, &Map::new(), b"message", &signed), "{algorithm:?}");
            assert_eq!(thumbprint(&jwk).len(), 43);
            assert!(made.public_der().unwrap().len() > 40);
        }
    }

    #[test]
    fn jw_07_the_public_jwk_has_no_private_member() {
        for algorithm in Algorithm::ALL {
            let jwk = KeyPair::generate(algorithm).unwrap().public_jwk();
            for private in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
                assert!(!jwk.contains_key(private), "{algorithm:?} {private}");
            }
        }
    }

    /// RFC 7638 section 3.1.
    #[test]
    fn the_thumbprint_is_that_of_the_rfc() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc\
                 _BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR\
                 0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTW\
                 hAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let Value::Object(jwk) = json!({"e": "AQAB", "kty": "RSA", "n": n}) else { panic!() };
        assert_eq!(thumbprint(&jwk), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }
}
