//! Listing clients.

use crate::{Service, caller::Caller, error::Error};
use domain::client::Client;

/// A part of the list, in the order of the client ids.
#[derive(Debug)]
pub struct ClientPage {
    /// The clients.
    pub clients: Vec<Client>,
    /// The client id behind which the next page begins; `None`: this was the last.
    pub next: Option<String>,
}

/// The most clients of one page.
const MAX_PAGE: u32 = 200;

impl Service {
    /// Clients behind `after`; without `limit` as many as a page holds.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for whoever does not administer the cluster's clients.
    pub async fn list_clients(&self, caller: &Caller, after: Option<String>, limit: Option<u32>) -> Result<ClientPage, Error> {
        Self::require_client_admin(caller)?;
        let limit = limit.unwrap_or(MAX_PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Error::invalid("limit", format!("1 to {MAX_PAGE}")));
        }
        // One more than asked for tells whether there is a next page.
        let mut clients = self.store.read(move |r| store::clients::list(r, None, after.as_deref(), limit + 1)).await?;
        let more = clients.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            clients.pop();
        }
        let next = clients.last().filter(|_| more).map(|client| client.client_id.clone());
        Ok(ClientPage { clients, next })
    }
}
