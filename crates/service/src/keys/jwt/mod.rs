//! Keys whose secret is a JWT, as those of Experience Cloud are: [`Service::key_jwt`] makes one, `check` reads
//! one, `inspect` tells a caller what one is, `signer` holds what they are signed with.
//!
//! A JWT of a key is a secret like any other: it is looked up by its digest, and what nobody issued, or
//! somebody revoked, is refused without a look at its signature (CW-07). The signature is checked when the
//! JWT is made, and where somebody asks in doubt.
//!
//! 1. The header is `alg`, always `EdDSA`; `typ`, which no token has; and `kid`, which names one of the
//!    installation's signers, never a realm's key (RFC 7515 section 4.1, RFC 8725 sections 3.1 and 3.11).
//! 2. The claims say who made it (`iss`), for what (`aud`), for which key (`sub`), which secret of that key
//!    it is (`jti`, of 192 random bits, so that nothing else has to be unguessable) and when (`iat`).
//!    There is no `exp`: when a key ends is said of the key, and can change.
//! 3. The signature is Ed25519 (RFC 8037 section 3.1).

mod check;
mod inspect;
mod signer;

pub use inspect::{InspectedJwt, NotGenuine};
pub(crate) use signer::KnownSigners;

use crate::{Service, error::Error};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{id::KeyId, secret::Secret};
use serde_json::json;

/// What the header calls it.
pub(crate) const TYP: &str = "keyward-key+jwt";
/// For what it is, and for nothing else.
pub(crate) const AUDIENCE: &str = "keyward:keys";
const ALGORITHM: &str = "EdDSA";

impl Service {
    /// A new JWT for a key of this id.
    ///
    /// # Errors
    /// The store is unavailable, or the signer is broken.
    pub(crate) async fn key_jwt(&self, id: KeyId) -> Result<Secret, Error> {
        let signers = self.key_signers().await?;
        let signer = signers.first().ok_or(Error::Unavailable { retry_after_s: 1 })?;
        let header = json!({"alg": ALGORITHM, "typ": TYP, "kid": signer.kid()});
        let claims = json!({
            "iss": self.settings.public_url,
            "aud": AUDIENCE,
            "sub": id.to_string(),
            "jti": BASE64_URL_SAFE_NO_PAD.encode(self.entropy.bytes::<24>()),
            "iat": self.now().wall.as_seconds(),
        });
        let mut text = BASE64_URL_SAFE_NO_PAD.encode(header.to_string());
        text.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut text);
        let signature = signer.sign(&text)?;
        text.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(signature, &mut text);
        let secret = Secret::new(text);
        // A signature that a broken machine got wrong would be found out by others only.
        let whole = check::read(secret.expose(), &signers).is_ok_and(|said| said.is_for(id));
        if whole { Ok(secret) } else { Err(signer::broken("signs what it does not verify")) }
    }
}

#[cfg(test)]
mod tests;
