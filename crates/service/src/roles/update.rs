//! Changing what a role allows: whoever holds it has it from then on, on every node.

use super::{check_rights, require_own, subject};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    persons::granting,
    unchanged::{Stopped, check_version, settled},
};
use domain::{
    audit::AuditEvent,
    id::Scope,
    right::{Rights, Role},
};
use store::Tx;

/// What shall change.
#[derive(Clone, Copy, Debug, Default)]
pub struct UpdateRole {
    /// What it allows from then on.
    pub rights: Option<Rights>,
    /// Only if the role is still this version.
    pub if_version: Option<u32>,
}

impl Service {
    /// Changes a role and returns it as it is then. `agree` may compare what can never change with
    /// what the wire said of it, before anything else is judged.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotAllowed`] for whoever would give more than they hold or
    /// change a role that gives more; [`Error::Conflict`] for a seeded role, and where nobody would
    /// be left who can manage the cluster; [`Error::PreconditionFailed`] when it was changed
    /// meanwhile.
    pub async fn update_role(
        &self,
        caller: &Caller,
        scope: Option<Scope>,
        name: &str,
        update: UpdateRole,
        agree: impl FnOnce(&Role) -> Result<(), Error>,
    ) -> Result<Role, Error> {
        let found = self.show_role(caller, scope, name).await?;
        agree(&found)?;
        if update.rights.is_none_or(|rights| rights == found.rights) {
            check_version(update.if_version, found.version)?;
            return Ok(found);
        }
        require_own(&found)?;
        let (scope, caller, at) = (found.scope, caller.clone(), self.now().wall);
        let write = move |tx: &mut Tx| {
            let was_kept = granting::cluster_is_kept(tx, scope)?;
            let before =
                store::roles::find_for_update(tx, scope, &found.name)?.ok_or(Error::NotFound)?;
            check_version(update.if_version, before.version)?;
            caller.require_rights(before.rights)?;
            let rights = update.rights.unwrap_or(before.rights);
            check_rights(&caller, scope, rights)?;
            if rights == before.rights {
                return Err(Stopped::Unchanged(Box::new(before)));
            }
            let after = Role { rights, version: before.version + 1, ..before.clone() };
            if !store::roles::update(tx, &after)? {
                return Err(Error::PreconditionFailed.into());
            }
            granting::check_still_kept(tx, scope, was_kept)?;
            let event = AuditEvent::new("role.update", scope, caller.origin(at), subject(&after))
                .before(before.facts())
                .after(after.facts());
            Ok(tx.commit(event, after)?)
        };
        // It may take a right away, and that goes before the other writes.
        settled(self.store.write_urgent(write).await)
    }
}
