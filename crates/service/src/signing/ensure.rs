//! The keys of a realm, its first one made on demand.

use super::{
    RealmKeys,
    key_pair::{KeyPair, thumbprint},
    rotate::{NewKey, Wanted, Why},
};
use crate::{Error, Service, seal::SealFailed};
use domain::{
    actor::Actor,
    audit::Origin,
    id::TenantId,
    signing::{Algorithm, SigningKey},
    time::Timestamp,
};
use std::sync::Arc;
use store::Read;

impl Service {
    /// The keys of a tenant's realm, one of which signs: made now, if there is none.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant that is not there or has no realm.
    pub async fn realm_keys(&self, tenant: TenantId) -> Result<Arc<RealmKeys>, Error> {
        let signs = |keys: &Arc<RealmKeys>| keys.signing(self.now().wall).is_some();
        if let Some(known) = self.signing.find(tenant).filter(signs) {
            return Ok(known);
        }
        let read = self.read_keys(tenant).await?;
        if signs(&read) {
            return Ok(read);
        }
        let _turn = self.signing.making.lock().await;
        let read = self.read_keys(tenant).await?;
        if signs(&read) {
            return Ok(read);
        }
        let wanted = Wanted { tenant, algorithm: None, now: true, why: Why::NoneSigns };
        match self.put_key(&wanted, &system(self.now().wall)).await {
            // Another node made one meanwhile.
            Ok(_) | Err(Error::Conflict { what: "signing_key", .. }) => {}
            Err(error) => return Err(error),
        }
        let read = self.read_keys(tenant).await?;
        if signs(&read) { Ok(read) } else { Err(Error::Unavailable { retry_after_s: 1 }) }
    }

    /// The keys as the database has them; kept in memory.
    pub(super) async fn read_keys(&self, tenant: TenantId) -> Result<Arc<RealmKeys>, Error> {
        let before = self.signing.before_reading();
        let stored = self
            .store
            .read(move |r: &mut Read| store::signing_keys::list_by_tenant(r, tenant))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let keys = Arc::new(RealmKeys::open(&stored, &self.keyring)?);
        self.signing.keep(before, tenant, &keys);
        Ok(keys)
    }

    /// Makes a key, outside of any transaction: an RSA key takes a quarter of a second.
    pub(super) async fn make_signing_key(
        &self,
        tenant: TenantId,
        algorithm: Algorithm,
        created_at: Timestamp,
        signs_from: Timestamp,
    ) -> Result<NewKey, Error> {
        let service = self.clone();
        let make = move || {
            let pair = KeyPair::generate(algorithm)?;
            let public_jwk = pair.public_jwk();
            let key = SigningKey {
                kid: thumbprint(&public_jwk),
                tenant,
                algorithm,
                public_key: serde_json::Value::Object(public_jwk).to_string(),
                created_at,
                signs_from,
                signs_until: None,
                serves_until: None,
            };
            let private = service.keyring.seal_signing_key(&key, &pair.to_pkcs8()?)?;
            Ok::<_, SealFailed>(NewKey { key, private })
        };
        let made = tokio::task::spawn_blocking(make).await;
        made.map_err(|e| Error::Internal(Box::new(e)))?.map_err(|e| Error::Internal(Box::new(e)))
    }
}

/// Nobody: a key that had to be.
pub(super) fn system(at: Timestamp) -> Origin {
    Origin { actor: Actor::system("signing keys"), address: None, request_id: "job".to_owned(), at }
}
