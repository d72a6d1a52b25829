//! Whose a key is.

use super::KeyRef;
use crate::{Service, caller::Caller, error::Error};
use domain::{right::Deed, tenant::Tenant};
use store::Read;

impl Service {
    /// The tenant of the key that `reference` names, among those of `key_types` in the caller's reach. A
    /// key that is revoked or expired is nobody's.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right to see; [`Error::NotFound`] for everything that is not
    /// there for this caller; [`Error::Limited`] for one that looks up too many secrets.
    pub async fn tenant_of_key(
        &self,
        caller: &Caller,
        reference: KeyRef<'_>,
        key_types: &[&str],
    ) -> Result<Tenant, Error> {
        self.require_deed(caller, key_types, Deed::See)?;
        // An id proves nothing; a secret could be a guess.
        if matches!(reference, KeyRef::Secret(_)) {
            self.look_ups.take(caller, self.now().mono_ns)?;
        }
        let key = self.find_reachable(caller, &reference, key_types, Deed::See).await?;
        let at = self.now().wall;
        let ended = key.is_revoked(at) || key.expires_at.is_some_and(|end| end <= at);
        let tenant = key.scope.tenant().filter(|_| !ended).ok_or(Error::NotFound)?;
        self.store
            .read(move |r: &mut Read| store::tenants::find_by_id(r, tenant))
            .await
            .map_err(|e: store::Error| Error::from(e))?
            .ok_or(Error::NotFound)
    }
}
