//! Ending a tenant: its keys, tokens, persons and clients are dead for the next question.

use super::{require_cluster, require_over, subject};
use crate::{Service, caller::Caller, error::Error, unchanged::check_version};
use domain::{
    audit::AuditEvent,
    id::{Scope, TenantId},
};
use store::Tx;

impl Service {
    /// Ends a tenant for good. Its data goes some days later, its audit log stays.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] for whoever does not act for the cluster,
    /// [`Error::PreconditionFailed`].
    pub async fn delete_tenant(
        &self,
        caller: &Caller,
        id: TenantId,
        if_version: Option<u32>,
    ) -> Result<(), Error> {
        require_over(caller, id)?;
        require_cluster(caller)?;
        let origin = caller.origin(self.now().wall);
        self.store
            .write_urgent(move |tx: &mut Tx| {
                let before = store::tenants::find_for_update(tx, id)?.ok_or(Error::NotFound)?;
                check_version(if_version, before.version)?;
                if !store::tenants::delete(tx, id, origin.at)? {
                    return Err(Error::NotFound);
                }
                let scope = Scope::Tenant(id);
                let event = AuditEvent::new("tenant.delete", scope, origin.clone(), subject(id))
                    .before(before.facts());
                tx.commit(event, ()).map_err(Error::from)
            })
            .await
    }
}
