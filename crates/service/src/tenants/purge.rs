//! The data of a deleted tenant goes on schedule; its audit log stays (TI-06).

use super::subject;
use crate::{Service, error::Error};
use domain::{
    actor::Actor,
    audit::{AuditEvent, Origin},
    id::{Scope, TenantId},
};
use store::Read;

/// Days for which the data of a deleted tenant is kept.
const KEPT_DAYS: i64 = 30;
const DAY_S: i64 = 86_400;

impl Service {
    /// Takes the data of tenants away that were deleted `KEPT_DAYS` days ago: one write a tenant.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn purge_tenants(&self) -> Result<(), Error> {
        let at = self.now().wall;
        let before = at.plus_seconds(-KEPT_DAYS * DAY_S);
        let due: Vec<TenantId> = self
            .store
            .read(move |r: &mut Read| store::tenants::list_for_purge(r, before))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        for id in due {
            let origin = Origin {
                actor: Actor::system("purge of tenants"),
                address: None,
                request_id: "job".to_owned(),
                at,
            };
            self.store
                .write(move |tx| {
                    store::tenants::purge(tx, id, at)?;
                    let scope = Scope::Tenant(id);
                    let event = AuditEvent::new("tenant.purge", scope, origin.clone(), subject(id));
                    tx.commit(event, ()).map_err(Error::from)
                })
                .await?;
        }
        Ok(())
    }
}
