//! Showing a tenant.

use super::require_over;
use crate::{Service, caller::Caller, error::Error};
use domain::{id::TenantId, tenant::Tenant};
use store::Read;

impl Service {
    /// The tenant of this id.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant that is not there for this caller, [`Error::NotAllowed`].
    pub async fn show_tenant(&self, caller: &Caller, id: TenantId) -> Result<Tenant, Error> {
        require_over(caller, id)?;
        self.store
            .read(move |r: &mut Read| store::tenants::find_by_id(r, id))
            .await
            .map_err(|e: store::Error| Error::from(e))?
            .ok_or(Error::NotFound)
    }
}
