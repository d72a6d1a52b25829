//! Takes a key from service for good. Its row stays for the audit log; its text is erased, and its
//! secret is free again unless the key was revoked.

use super::KeyRef;
use crate::{Service, caller::Caller, error::Error};
use domain::{audit::AuditEvent, right::Deed};
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
