//! The end of signing keys: the private half goes as soon as it signs no more, the public one when the
//! last token has ended that it signed.

use super::{ensure::system, rotate::subject};
use crate::{Error, Service};
use domain::{
    audit::AuditEvent,
    id::{Scope, TenantId},
    signing::SigningKey,
    time::Timestamp,
};
use store::{Read, Tx};

impl Service {
    /// Erases the private halves of the keys that have stopped signing, and forgets the keys that nobody
    /// asks for any more.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn retire_signing_keys(&self) -> Result<(), Error> {
        let at = self.now().wall;
        let due: Vec<(TenantId, String)> = self
            .store
            .read(move |r: &mut Read| store::signing_keys::list_for_retirement(r, at))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        for (tenant, kid) in due {
            match self.retire(tenant, kid, at).await {
                Ok(()) | Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        let prune = move |b: &mut store::Bookkeeping| store::signing_keys::prune(b, at);
        self.store.record(prune).await?;
        Ok(())
    }

    /// [`Error::NotFound`]: somebody else was first.
    async fn retire(&self, tenant: TenantId, kid: String, at: Timestamp) -> Result<(), Error> {
        self.store
            .write(move |tx: &mut Tx| {
                store::tenants::lock(tx, tenant)?;
                let keys = store::signing_keys::list_by_tenant(tx, tenant)?;
                let stored = keys.into_iter().find(|of| of.key.kid == kid && of.private.is_some());
                let before = stored.ok_or(Error::NotFound)?.key;
                // Between the rotation and now a client may have been given longer tokens.
                let ends = store::signing_keys::last_token_ends(tx, tenant)?;
                let serves_until = before.serves_until.max(ends);
                let after = SigningKey { serves_until, ..before.clone() };
                store::signing_keys::update(tx, &after, true)?;
                let (scope, origin) = (Scope::Tenant(tenant), system(at));
                let event = AuditEvent::new("signing_key.retire", scope, origin, subject(&after))
                    .before(before.facts())
                    .after(after.facts());
                tx.commit(event, ()).map_err(Error::from)
            })
            .await
    }
}
