//! Making a JWT (RFC 7519, in the compact form of RFC 7515 section 3.1).

use super::key_pair::KeyPair;
use crate::{Error, Service};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    id::TenantId,
    secret::Secret,
    signing::{Algorithm, SigningKey},
};
use serde_json::{Map, Value, json};
use std::sync::Arc;

impl Service {
    /// Signs claims, in their order, as a tenant's realm. `typ` is what the header calls it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant that is not there or has no realm.
    pub async fn sign_jwt(
        &self,
        tenant: TenantId,
        typ: &'static str,
        claims: &Map<String, Value>,
    ) -> Result<Secret, Error> {
        let keys = self.realm_keys(tenant).await?;
        let (of, pair) =
            keys.signer(self.now().wall).ok_or(Error::Unavailable { retry_after_s: 1 })?;
        let input = signing_input(&of.key, typ, claims)?;
        let signature = self.signature(of.key.algorithm, pair, input.as_bytes()).await?;
        Ok(Secret::new(format!("{input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))))
    }

    async fn signature(
        &self,
        algorithm: Algorithm,
        pair: &Arc<KeyPair>,
        input: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let failed = |e| Error::Internal(Box::new(e));
        if algorithm != Algorithm::Rs256 {
            return pair.sign(input).map_err(failed);
        }
        // Most of a millisecond: not on a thread that answers verifications.
        let turn = Arc::clone(&self.signing.slow_signatures).acquire_owned().await;
        let (pair, input) = (Arc::clone(pair), input.to_vec());
        let signed = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            pair.sign(&input)
        });
        signed.await.map_err(|e| Error::Internal(Box::new(e)))?.map_err(failed)
    }
}

pub(super) fn signing_input(
    key: &SigningKey,
    typ: &str,
    claims: &Map<String, Value>,
) -> Result<String, Error> {
    let header = json!({"alg": key.algorithm.as_str(), "typ": typ, "kid": key.kid}).to_string();
    let claims = serde_json::to_vec(claims).map_err(|e| Error::Internal(Box::new(e)))?;
    let mut input = BASE64_URL_SAFE_NO_PAD.encode(header);
    input.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(claims, &mut input);
    Ok(input)
}
