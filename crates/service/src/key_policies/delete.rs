//! Deleting a policy.

use super::{require_over, require_tenant, subject};
use crate::{Service, caller::Caller, error::Error, unchanged::check_version};
use domain::{audit::AuditEvent, id::Scope};
use store::Tx;

impl Service {
    /// Deletes a policy: from then on the one for `*` governs keys of its type, or none. Keys that it held
    /// back are released within about a minute.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, and for a tenant that is not there for this caller;
    /// [`Error::NotAllowed`], [`Error::PreconditionFailed`].
    pub async fn delete_key_policy(
        &self,
        caller: &Caller,
        scope: Scope,
        key_type: &str,
        if_version: Option<u32>,
    ) -> Result<(), Error> {
        require_over(caller, scope)?;
        let origin = caller.origin(self.now().wall);
        let name = key_type.to_owned();
        self.store
            .write(move |tx: &mut Tx| {
                require_tenant(tx, scope)?;
                let before = store::key_policies::find_for_update(tx, scope, &name)?
                    .ok_or(Error::NotFound)?;
                check_version(if_version, before.version)?;
                store::key_policies::delete(tx, scope, &name)?;
                let event =
                    AuditEvent::new("key_policy.delete", scope, origin.clone(), subject(&before))
                        .before(before.facts());
                tx.commit(event, ()).map_err(Error::from)
            })
            .await
    }
}
