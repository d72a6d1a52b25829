//! Whether a JWT is one that a realm made: for hints that others bring back to us, never for access.
//!
//! 1. Three parts, each Base64url without padding (RFC 7515 section 3.1).
//! 2. The header names a key of the realm that is published, by `kid` alone, and that key's algorithm
//!    (JW-01, JW-02): what else it names is not followed. A `crit` is refused (section 4.1.11).
//! 3. The signature holds.

use super::key_pair::verifies;
use crate::{Error, Service};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{id::TenantId, signing::Algorithm};
use serde_json::{Map, Value};

/// The longest text that is looked at.
const MAX_BYTES: usize = 16 * 1024;

impl Service {
    /// The claims of a JWT that the tenant's realm signed, whether or not it has expired; `None` for any
    /// other text.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant that is not there or has no realm.
    pub async fn verify_own(
        &self,
        tenant: TenantId,
        jwt: &str,
    ) -> Result<Option<Map<String, Value>>, Error> {
        let Some(parts) = Parts::read(jwt) else { return Ok(None) };
        let keys = self.realm_keys(tenant).await?;
        let Some(of) = keys.find(&parts.kid, self.now().wall) else { return Ok(None) };
        let good = of.key.algorithm == parts.algorithm
            && verifies(of.key.algorithm, &of.public_jwk, parts.input, &parts.signature);
        Ok(good.then_some(parts.claims))
    }
}

struct Parts<'a> {
    algorithm: Algorithm,
    kid: String,
    claims: Map<String, Value>,
    input: &'a [u8],
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn read(jwt: &'a str) -> Option<Self> {
        if jwt.len() > MAX_BYTES {
            return None;
        }
        let (input, signature) = jwt.rsplit_once('.')?;
        let (header, claims) = input.split_once('.')?;
        let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).ok();
        let object = |text: &str| -> Option<Map<String, Value>> {
            serde_json::from_slice(&decode(text)?).ok()
        };
        let header = object(header)?;
        let text = |name: &str| header.get(name).and_then(Value::as_str);
        if header.contains_key("crit") {
            return None;
        }
        Some(Self {
            algorithm: Algorithm::parse(text("alg")?)?,
            kid: text("kid")?.to_owned(),
            claims: object(claims)?,
            input: input.as_bytes(),
            signature: decode(signature)?,
        })
    }
}
