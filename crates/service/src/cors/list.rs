//! Listing what tenants let call: of all of them for the cluster, for anybody else its own.

use crate::{Service, caller::Caller, error::Error};
use domain::{
    cors::Cors,
    id::{Scope, TenantId},
    right::Right,
};
use store::Read;

/// Tenants of one read.
const PAGE: u32 = 500;

impl Service {
    /// Both lists of every tenant that has any and that the caller reaches.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right.
    pub async fn list_cors(&self, caller: &Caller) -> Result<Vec<Cors>, Error> {
        caller.require_rights([Right::TenantsManage].into_iter().collect())?;
        let mut all = Vec::new();
        if !caller.is_cluster() {
            let own: Vec<TenantId> = match caller.scope() {
                Scope::Tenant(id) => vec![id],
                Scope::Cluster => caller.principal.contact_centers().to_vec(),
            };
            for tenant in own {
                let found = self.store.read(move |r: &mut Read| store::cors::find(r, tenant));
                all.extend(found.await?);
            }
            return Ok(all);
        }
        let mut after = None;
        loop {
            let page = self.store.read(move |r: &mut Read| store::cors::list(r, after, PAGE));
            let page = page.await?;
            let Some(last) = page.last() else { return Ok(all) };
            after = Some(last.tenant);
            all.extend(page);
        }
    }
}
