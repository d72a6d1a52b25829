//! Listing the signing keys of a tenant: few, so all of them.

use crate::{Service, caller::Caller, error::Error, tenants};
use domain::{id::TenantId, signing::SigningKey, time::Timestamp};
use store::Read;

/// The keys, and when they were looked at.
#[derive(Clone, Debug)]
pub struct SigningKeys {
    /// The keys, in the order in which they sign.
    pub keys: Vec<SigningKey>,
    /// The instant that tells where each stands.
    pub at: Timestamp,
}

impl Service {
    /// The signing keys of a tenant that are published.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`].
    pub async fn list_signing_keys(
        &self,
        caller: &Caller,
        tenant: TenantId,
    ) -> Result<SigningKeys, Error> {
        tenants::require_over(caller, tenant)?;
        let at = self.now().wall;
        let read = self.store.read(move |r: &mut Read| {
            if store::tenants::find_by_id(r, tenant)?.is_none() {
                return Ok(None);
            }
            store::signing_keys::list_by_tenant(r, tenant).map(Some)
        });
        let stored = read.await.map_err(|e: store::Error| Error::from(e))?;
        let keys = stored.ok_or(Error::NotFound)?.into_iter().map(|of| of.key);
        Ok(SigningKeys { keys: keys.filter(|key| key.is_published(at)).collect(), at })
    }
}
