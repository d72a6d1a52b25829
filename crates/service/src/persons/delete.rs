//! Ending a person: no sign-in, no token and no personal key any more. The row stays for the audit log.

use super::granting;
use crate::{Service, caller::Caller, error::Error, unchanged::check_version};
use domain::{actor::PrincipalId, audit::AuditEvent, id::PersonId};
use store::Tx;

impl Service {
    /// Deletes a person; the user name is free again. `if_version`: only if they are still that
    /// version.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotAllowed`] also for a person who holds more than the caller;
    /// [`Error::Conflict`] for oneself, and for the last person who can manage the cluster;
    /// [`Error::PreconditionFailed`] when it was changed meanwhile.
    pub async fn delete_person(
        &self,
        caller: &Caller,
        id: PersonId,
        if_version: Option<u32>,
    ) -> Result<(), Error> {
        let scope = self.show_person(caller, id).await?.scope;
        if granting::is_self(caller, id) {
            let why = "nobody deletes themselves; another person with the right can";
            return Err(Error::conflict("own_account", why));
        }
        let (caller, at) = (caller.clone(), self.now().wall);
        self.store
            .write_urgent(move |tx: &mut Tx| {
                let was_kept = granting::cluster_is_kept(tx, scope)?;
                let person =
                    store::persons::find_for_update(tx, scope, id)?.ok_or(Error::NotFound)?;
                check_version(if_version, person.version)?;
                granting::check_holds_no_more(tx, &caller, &person)?;
                if !store::persons::delete(tx, id)? {
                    return Err(Error::NotFound);
                }
                granting::check_still_kept(tx, scope, was_kept)?;
                store::tokens::revoke_by_principal(tx, PrincipalId::Person(id), at)?;
                let subject = ("person", id.to_string());
                let event = AuditEvent::new("person.delete", scope, caller.origin(at), subject);
                Ok(tx.commit(event.before(person.facts()), ())?)
            })
            .await
    }
}
