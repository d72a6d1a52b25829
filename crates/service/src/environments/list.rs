//! Listing environments, oldest first.

use super::require_cluster;
use crate::{
    Service,
    caller::Caller,
    cursor::{ListId, place, place_bytes},
    error::Error,
};
use domain::{id::EnvironmentId, tenant::Environment};
use store::Read;

/// How many environments, and from where on.
#[derive(Clone, Debug)]
pub struct ListEnvironments {
    /// How many at most.
    pub limit: u32,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// Part of the list.
#[derive(Clone, Debug)]
pub struct EnvironmentPage {
    /// The environments.
    pub environments: Vec<Environment>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// Lists environments.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for whoever does not act for the cluster, [`Error::Invalid`] for a cursor
    /// of another list.
    pub async fn list_environments(
        &self,
        caller: &Caller,
        list: ListEnvironments,
    ) -> Result<EnvironmentPage, Error> {
        require_cluster(caller)?;
        let id = ListId { route: "list_environments", scope: None, filter: [0; 32] };
        let after = match &list.cursor {
            Some(text) => {
                let (at, of) = place(&self.read_cursor(&id, text)?);
                Some((at, EnvironmentId::from_u128(of)))
            }
            None => None,
        };
        // One more than wanted tells whether there is a next page.
        let wanted = list.limit.saturating_add(1);
        let mut environments = self
            .store
            .read(move |r: &mut Read| store::tenants::list_environments(r, after, wanted))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let limit = usize::try_from(list.limit).unwrap_or(usize::MAX);
        let more = environments.len() > limit;
        environments.truncate(limit);
        let last = environments.last().filter(|_| more);
        let next = last.map(|e| self.sign_cursor(&id, &place_bytes(e.created_at, e.id.as_u128())));
        Ok(EnvironmentPage { environments, next })
    }
}
