//! Whether a text is a JWT that this installation made for a key, told from the text and the signers alone.
//!
//! The steps are those of the module above. Nothing that the header names is followed (JW-02), and a header
//! or claims with one member more than ours have are refused: we made none such.

use super::{ALGORITHM, AUDIENCE, TYP, signer::Signer};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{id::KeyId, time::Timestamp};
use serde_json::{Map, Value};

/// The longest text that is looked at.
const MAX_BYTES: usize = domain::secret::MAX_SECRET_BYTES;

/// What such a JWT says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Said {
    pub(super) kid: String,
    pub(super) key: KeyId,
    pub(super) secret_id: String,
    pub(super) issuer: String,
    pub(super) issued_at: Timestamp,
}

impl Said {
    /// Whether it is for this key.
    pub(super) fn is_for(&self, key: KeyId) -> bool {
        self.key == key
    }
}

/// Why it is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bad {
    /// By its own account it is something else, or nothing at all.
    Form,
    /// It says that it is one, and nobody here signed it so.
    Unknown,
}

/// The `kid` of a text that says that it is such a JWT.
pub(super) fn kid(text: &str) -> Option<String> {
    Parts::read(text).map(|parts| parts.kid)
}

/// Reads it.
pub(super) fn read(text: &str, signers: &[Signer]) -> Result<Said, Bad> {
    let parts = Parts::read(text).ok_or(Bad::Form)?;
    let signer = signers.iter().find(|s| s.kid() == parts.kid).ok_or(Bad::Unknown)?;
    if !signer.signed(parts.message, &parts.signature) {
        return Err(Bad::Unknown);
    }
    parts.said().ok_or(Bad::Unknown)
}

struct Parts<'a> {
    kid: String,
    claims: Map<String, Value>,
    message: &'a str,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn read(text: &'a str) -> Option<Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let (message, signature) = text.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let header = object(header)?;
        let word = |name: &str| header.get(name).and_then(Value::as_str);
        let ours = header.len() == 3 && word("alg") == Some(ALGORITHM) && word("typ") == Some(TYP);
        if !ours {
            return None;
        }
        Some(Self {
            kid: word("kid")?.to_owned(),
            claims: object(claims)?,
            message,
            signature: decode(signature)?,
        })
    }

    fn said(self) -> Option<Said> {
        let word = |name: &str| self.claims.get(name).and_then(Value::as_str);
        if self.claims.len() != 5 || word("aud") != Some(AUDIENCE) {
            return None;
        }
        let seconds = self.claims.get("iat").and_then(Value::as_i64).filter(|s| *s >= 0)?;
        Some(Said {
            key: KeyId::parse(word("sub")?).ok()?,
            secret_id: word("jti")?.to_owned(),
            issuer: word("iss")?.to_owned(),
            issued_at: Timestamp::from_millis(seconds.checked_mul(1_000)?),
            kid: self.kid,
        })
    }
}

/// Only the one spelling of the bytes is taken: no padding, no bits left over.
fn decode(part: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(part).ok()
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&decode(part)?).ok()
}
