//! A JWT taken apart, before anything of it is believed (RFC 7515 section 3.1, RFC 7519 section 7.2).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

/// The longest text that is looked at.
pub(super) const MAX_JWT_BYTES: usize = 8_192;

/// Its parts. Nothing is proved yet.
#[derive(Debug)]
pub(super) struct Jwt<'a> {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    /// What is signed.
    pub(super) message: &'a str,
    pub(super) signature: Vec<u8>,
}

/// Whether the text looks like a JWT at all: cheap, and true of nothing else that is presented here.
pub(super) fn looks_like_one(text: &str) -> bool {
    text.starts_with("eyJ")
        && text.len() <= MAX_JWT_BYTES
        && text.bytes().filter(|b| *b == b'.').count() == 2
}

impl<'a> Jwt<'a> {
    /// Takes a text apart; `None`: it is no JWT.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        if text.len() > MAX_JWT_BYTES {
            return None;
        }
        let (message, signature) = text.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        if claims.contains('.') {
            return None;
        }
        Some(Self {
            header: object(header)?,
            claims: object(claims)?,
            message,
            // Only the one spelling of the bytes is taken: no padding, no bits left over.
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// A claim that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    match serde_json::from_slice(&bytes).ok()? {
        Value::Object(members) => Some(members),
        _ => None,
    }
}
