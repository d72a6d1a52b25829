//! The names of tenants, for whoever may know that they are there: what stands beside a thing of theirs.

use crate::{Service, caller::Caller, error::Error};
use domain::id::{Scope, TenantId};
use std::collections::BTreeMap;
use store::Read;

impl Service {
    /// The names of those of these tenants that the caller reaches.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn names_of_tenants(
        &self,
        caller: &Caller,
        ids: impl IntoIterator<Item = TenantId>,
    ) -> Result<BTreeMap<TenantId, String>, Error> {
        let mut ids: Vec<TenantId> =
            ids.into_iter().filter(|id| caller.reaches(Scope::Tenant(*id))).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let named = self.store.read(move |r: &mut Read| store::tenants::names_of(r, &ids)).await;
        Ok(named.map_err(|e: store::Error| Error::from(e))?.into_iter().collect())
    }

    /// At most `limit` of the tenants that the caller reaches, in the order of their names.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn tenants_in_reach(
        &self,
        caller: &Caller,
        limit: u32,
    ) -> Result<Vec<(TenantId, String)>, Error> {
        if caller.is_cluster() {
            let named = self.store.read(move |r: &mut Read| store::tenants::names(r, limit)).await;
            return named.map_err(|e: store::Error| Error::from(e));
        }
        let own: Vec<TenantId> = match caller.scope() {
            Scope::Tenant(id) => vec![id],
            Scope::Cluster => caller.principal.contact_centers().to_vec(),
        };
        let mut named: Vec<(TenantId, String)> =
            self.names_of_tenants(caller, own).await?.into_iter().collect();
        named.sort_by_cached_key(|(id, name)| (name.to_lowercase(), *id));
        named.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(named)
    }

    /// The one tenant in reach that has this name; `None` where there is none, or more than one.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn tenant_of_name(
        &self,
        caller: &Caller,
        name: &str,
    ) -> Result<Option<TenantId>, Error> {
        let name = name.to_owned();
        let found =
            self.store.read(move |r: &mut Read| store::tenants::list_of_name(r, &name, 50)).await;
        let found: Vec<TenantId> = found
            .map_err(|e: store::Error| Error::from(e))?
            .into_iter()
            .filter(|id| caller.reaches(Scope::Tenant(*id)))
            .collect();
        Ok(match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        })
    }
}
