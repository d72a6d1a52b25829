//! What travels with the browser from page to page, so that nobody but us can have written it. It is not
//! secret: the browser brought it.

use crate::Service;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

/// What it is for: a seal of another place is none of ours.
const PURPOSE: &[u8] = b"ticket of the authorization endpoint";

impl Service {
    /// Seals a text. By a MAC, not by a cipher: whoever opens a page costs no use of a master key.
    #[must_use]
    pub fn seal_ticket(&self, payload: &[u8]) -> String {
        let tags = self.keyring.fingerprints(&[PURPOSE, payload]);
        let tag = tags.first().copied().unwrap_or_default();
        let mut text = BASE64_URL_SAFE_NO_PAD.encode(payload);
        text.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(tag, &mut text);
        text
    }

    /// What was sealed; `None`: it was not sealed here.
    #[must_use]
    pub fn open_ticket(&self, text: &str) -> Option<Vec<u8>> {
        let (payload, tag) = text.split_once('.')?;
        let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
        let tag = BASE64_URL_SAFE_NO_PAD.decode(tag).ok()?;
        let ours = self.keyring.fingerprints(&[PURPOSE, &payload]);
        ours.iter().any(|known| known.as_slice().ct_eq(&tag).into()).then_some(payload)
    }
}
