//! Showing one role.

use super::place;
use crate::{Service, caller::Caller, error::Error, persons::granting::manage};
use domain::{id::Scope, right::Role};

impl Service {
    /// The role of this name that somebody of `scope` can have; without `scope`, of the caller's own.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right, [`Error::NotFound`].
    pub async fn show_role(
        &self,
        caller: &Caller,
        scope: Option<Scope>,
        name: &str,
    ) -> Result<Role, Error> {
        let roles = self.roles_of(caller, place(caller, scope)?).await?;
        roles.into_iter().find(|role| role.name == name).ok_or(Error::NotFound)
    }

    /// Every role that somebody of `scope` can have: the seeded ones, then the scope's own.
    pub(super) async fn roles_of(&self, caller: &Caller, scope: Scope) -> Result<Vec<Role>, Error> {
        caller.require_rights(manage())?;
        caller.require(scope, manage())?;
        let mut roles = self.store.read(move |r| store::roles::list(r, scope)).await?;
        roles.retain(|role| !role.cluster_only || scope == Scope::Cluster);
        // In the order of bytes: databases have orders of their own.
        roles.sort_by_cached_key(|role| (!role.is_seeded(), role.name.clone()));
        Ok(roles)
    }
}
