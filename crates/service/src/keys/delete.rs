//! Takes a key from service for good. Its row stays for the audit log; its text is erased, and its
//! secret is free again unless the key was revoked.

use super::KeyRef;
use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::AuditEvent,
    id::{KeyId, Scope, TenantId},
    right::Deed,
};
use store::Tx;

impl Service {
    /// Deletes the key that `reference` names; `if_version`: only if it is still that version.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right to delete, [`Error::NotFound`],
    /// [`Error::PreconditionFailed`] when it was changed meanwhile.
    pub async fn delete_key(
        &self,
        caller: &Caller,
        reference: KeyRef<'_>,
        key_types: &[&str],
        if_version: Option<u32>,
    ) -> Result<(), Error> {
        self.require_deed(caller, key_types, Deed::Delete)?;
        let id = self.find_reachable(caller, &reference, key_types, Deed::Delete).await?.id;
        self.delete_found(caller, id, if_version).await
    }

    /// Deletes the key that `reference` names if it belongs to `tenant`.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right to delete, [`Error::NotFound`] also for a key of another
    /// tenant in the caller's reach.
    pub async fn delete_key_of(
        &self,
        caller: &Caller,
        tenant: TenantId,
        reference: KeyRef<'_>,
        key_types: &[&str],
    ) -> Result<(), Error> {
        self.require_deed(caller, key_types, Deed::Delete)?;
        let key = self.find_reachable(caller, &reference, key_types, Deed::Delete).await?;
        if key.scope != Scope::Tenant(tenant) {
            return Err(Error::NotFound);
        }
        self.delete_found(caller, key.id, None).await
    }

    async fn delete_found(
        &self,
        caller: &Caller,
        id: KeyId,
        if_version: Option<u32>,
    ) -> Result<(), Error> {
        let at = self.now().wall;
        let origin = caller.origin(at);
        self.store
            .write_urgent(move |tx: &mut Tx| {
                let key = store::keys::find_for_update(tx, None, id)?.ok_or(Error::NotFound)?;
                if if_version.is_some_and(|wanted| wanted != key.version) {
                    return Err(Error::PreconditionFailed);
                }
                if !store::keys::delete(tx, &key, at)? {
                    return Err(Error::NotFound);
                }
                let subject = ("key", id.to_string());
                let event = AuditEvent::new("key.delete", key.scope, origin.clone(), subject);
                Ok(tx.commit(event.before(key.facts()), ())?)
            })
            .await
    }
}
