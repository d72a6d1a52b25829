//! Showing both lists of a tenant.

use super::require_over;
use crate::{Service, caller::Caller, error::Error};
use domain::{cors::Cors, id::TenantId};
use store::Read;

impl Service {
    /// Both lists of a tenant.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant that is not there for this caller, [`Error::NotAllowed`].
    pub async fn show_cors(&self, caller: &Caller, tenant: TenantId) -> Result<Cors, Error> {
        require_over(caller, tenant)?;
        self.store
            .read(move |r: &mut Read| {
                if store::tenants::find_by_id(r, tenant)?.is_none() {
                    return Ok(None);
                }
                let found = store::cors::find(r, tenant)?;
                Ok(Some(found.unwrap_or_else(|| Cors::none(tenant))))
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?
            .ok_or(Error::NotFound)
    }
}
