//! Listing tenants, oldest first: all of them for the cluster, for anybody else its own.

use super::rights;
use crate::{
    Service,
    caller::Caller,
    cursor::{ListId, filter_digest, place, place_bytes},
    error::Error,
};
use domain::{
    id::{Scope, TenantId},
    tenant::Tenant,
};
use store::Read;

/// The longest page.
pub const MAX_PAGE: u32 = 200;

/// Which tenants, and how many of them.
#[derive(Clone, Debug)]
pub struct ListTenants {
    /// The operation, which a cursor is bound to.
    pub route: &'static str,
    /// A part of the name, of the realm or of a domain.
    pub search: Option<String>,
    /// How many at most.
    pub limit: u32,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// Part of the list.
#[derive(Clone, Debug)]
pub struct TenantPage {
    /// The tenants.
    pub tenants: Vec<Tenant>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// Lists the tenants that the caller reaches.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right, [`Error::Invalid`] for a cursor of another list.
    pub async fn list_tenants(
        &self,
        caller: &Caller,
        list: ListTenants,
    ) -> Result<TenantPage, Error> {
        caller.require_rights(rights())?;
        if !caller.is_cluster() {
            return self.own_tenants(caller, list.search.as_deref()).await;
        }
        let search = list.search.unwrap_or_default();
        let id = ListId { route: list.route, scope: None, filter: filter_digest(&[&search]) };
        let after = match &list.cursor {
            Some(text) => {
                let (at, of) = place(&self.read_cursor(&id, text)?);
                Some((at, TenantId::from_u128(of)))
            }
            None => None,
        };
        let limit = list.limit;
        let mut tenants = self
            .store
            .read(move |r: &mut Read| {
                // One more than wanted tells whether there is a next page.
                let wanted = limit.saturating_add(1);
                if search.is_empty() {
                    store::tenants::list(r, after, wanted)
                } else {
                    store::tenants::list_by_text(r, &search, after, wanted)
                }
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = tenants.len() > limit;
        tenants.truncate(limit);
        let last = tenants.last().filter(|_| more);
        let next = last.map(|t| self.sign_cursor(&id, &place_bytes(t.created_at, t.id.as_u128())));
        Ok(TenantPage { tenants, next })
    }

    async fn own_tenants(
        &self,
        caller: &Caller,
        search: Option<&str>,
    ) -> Result<TenantPage, Error> {
        let ids: Vec<TenantId> = match caller.scope() {
            Scope::Tenant(id) => vec![id],
            Scope::Cluster => caller.principal.contact_centers().to_vec(),
        };
        let found = self
            .store
            .read(move |r: &mut Read| {
                ids.iter().map(|id| store::tenants::find_by_id(r, *id)).collect()
            })
            .await;
        let found: Vec<Option<Tenant>> = found.map_err(|e: store::Error| Error::from(e))?;
        let sought = search.map(str::to_lowercase).unwrap_or_default();
        let matches = |t: &Tenant| {
            let texts = t.domains.iter().chain(&t.realm).chain([&t.name]);
            texts.into_iter().any(|text| text.to_lowercase().contains(&sought))
        };
        let tenants = found.into_iter().flatten().filter(matches).collect();
        Ok(TenantPage { tenants, next: None })
    }
}
