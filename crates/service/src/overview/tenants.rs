//! Counts the keys of several tenants at once: what stands beside each of them in a list.

use crate::{Error, Service, caller::Caller};
use domain::id::{Scope, TenantId};
use std::collections::BTreeMap;
use store::Read;

impl Service {
    /// How many keys each of these tenants has that the caller may see; tenants out of reach have none.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right to see keys of any type.
    pub async fn count_keys_of_tenants(
        &self,
        caller: &Caller,
        ids: Vec<TenantId>,
    ) -> Result<BTreeMap<TenantId, u64>, Error> {
        self.require_some_type(caller)?;
        let scopes = ids.into_iter().map(Scope::Tenant).filter(|scope| caller.reaches(*scope));
        let scopes: Vec<Scope> = scopes.collect();
        if scopes.is_empty() {
            return Ok(BTreeMap::new());
        }
        let seen = self.seen_types(caller, caller.bound_to().map(Scope::Tenant));
        let found = self.store.read(move |r: &mut Read| store::keys::count_each(r, &scopes)).await;
        let mut counts = BTreeMap::new();
        for (scope, key_type, count) in found.map_err(|e: store::Error| Error::from(e))? {
            if let Scope::Tenant(id) = scope
                && (seen.is_empty() || seen.contains(&key_type))
            {
                *counts.entry(id).or_default() += count;
            }
        }
        Ok(counts)
    }
}
