//! What a browser keeps while it is at the issuer, and what follows from it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{issuer::Issuer, secret::Secret};

/// What a state belongs to.
pub(super) struct Bound<'a> {
    pub(super) issuer: &'a Issuer,
    pub(super) state: &'a str,
    pub(super) ends_at: &'a str,
    pub(super) ticket: &'a str,
}

impl Bound<'_> {
    pub(super) fn parts(&self) -> [&[u8]; 6] {
        [
            b"sign-in by an issuer",
            self.issuer.id.0.as_bytes(),
            self.issuer.issuer.as_bytes(),
            self.state.as_bytes(),
            self.ends_at.as_bytes(),
            self.ticket.as_bytes(),
        ]
    }
}

/// What follows from a state under our key.
pub(super) struct Derived {
    /// In the browser's cookie.
    pub(super) proof: [u8; 32],
    /// In the request and in the ID token.
    pub(super) nonce: String,
    /// PKCE's.
    pub(super) verifier: Secret,
}

impl Derived {
    pub(super) fn of(mac: &[u8; 32]) -> Self {
        let part = |label: &[u8]| crate::seal::mac(mac, &[label]);
        Self {
            proof: part(b"cookie"),
            nonce: URL_SAFE_NO_PAD.encode(part(b"nonce")),
            verifier: Secret::new(URL_SAFE_NO_PAD.encode(part(b"verifier"))),
        }
    }
}

/// A cookie taken apart.
pub(super) struct Cookie<'a> {
    pub(super) state: &'a str,
    pub(super) ends_at: &'a str,
    pub(super) proof: [u8; 32],
    pub(super) ticket: &'a str,
}

impl<'a> Cookie<'a> {
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(4, '.');
        let (state, ends_at, proof) = (parts.next()?, parts.next()?, parts.next()?);
        let proof = URL_SAFE_NO_PAD.decode(proof).ok()?.try_into().ok()?;
        Some(Self { state, ends_at, proof, ticket: parts.next()? })
    }
}
