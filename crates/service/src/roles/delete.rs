//! Deleting a role that nobody holds.

use super::{require_own, subject};
use crate::{Service, caller::Caller, error::Error, unchanged::check_version};
use domain::{audit::AuditEvent, id::Scope};
use store::Tx;

impl Service {
    /// Deletes a role. `if_version`: only if it is still that version.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotAllowed`] also for a role that gives more than the caller
    /// holds; [`Error::Conflict`] for a seeded role, for one that somebody holds, and for one that an
    /// issuer's map gives: made anew, it would be given at once;
    /// [`Error::PreconditionFailed`] when it was changed meanwhile.
    pub async fn delete_role(
        &self,
        caller: &Caller,
        scope: Option<Scope>,
        name: &str,
        if_version: Option<u32>,
    ) -> Result<(), Error> {
        let found = self.show_role(caller, scope, name).await?;
        require_own(&found)?;
        let (scope, caller, at) = (found.scope, caller.clone(), self.now().wall);
        let known = self.issuers.all();
        let configured: Vec<_> =
            known.into_iter().filter(|issuer| issuer.is_configured()).collect();
        self.store
            .write(move |tx: &mut Tx| {
                let role = store::roles::find_for_update(tx, scope, &found.name)?
                    .ok_or(Error::NotFound)?;
                check_version(if_version, role.version)?;
                caller.require_rights(role.rights)?;
                let holders = store::roles::count_holders(tx, scope, &role.name)?;
                if holders > 0 {
                    let why = format!(
                        "{holders} {} this role; take it from them first",
                        if holders == 1 {
                            "person or client holds"
                        } else {
                            "persons and clients hold"
                        }
                    );
                    return Err(Error::conflict("role_in_use", why));
                }
                let stored = store::issuers::list(tx)?;
                let mut issuers = stored.iter().chain(configured.iter().map(|of| &**of));
                if let Some(of) = issuers.find(|of| of.scope == scope && of.gives(&role.name)) {
                    let why =
                        format!("the issuer `{}` gives this role: take it out of its map", of.name);
                    return Err(Error::conflict("role_in_use", why));
                }
                store::roles::delete(tx, scope, &role.name)?;
                let event =
                    AuditEvent::new("role.delete", scope, caller.origin(at), subject(&role));
                Ok(tx.commit(event.before(role.facts()), ())?)
            })
            .await
    }
}
