//! Listing clients.

use crate::{
    Service,
    caller::Caller,
    cursor::{ListId, filter_digest},
    error::Error,
};
use domain::client::Client;

/// A part of the list, in the order of the client ids.
#[derive(Debug)]
pub struct ClientPage {
    /// The clients.
    pub clients: Vec<Client>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

/// The most clients of one page.
const MAX_PAGE: u32 = 200;

impl Service {
    /// A page of clients; without `limit` as many as a page holds.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for whoever does not administer the cluster's clients,
    /// [`Error::Invalid`] for a cursor of another list.
    pub async fn list_clients(
        &self,
        caller: &Caller,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<ClientPage, Error> {
        Self::require_client_admin(caller)?;
        let limit = limit.unwrap_or(MAX_PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Error::invalid("limit", format!("1 to {MAX_PAGE}")));
        }
        let list = ListId { route: "list_clients", scope: None, filter: filter_digest(&[]) };
        let after = cursor.map(|text| self.read_long_cursor(&list, text)).transpose()?;
        let after = after.and_then(|position| String::from_utf8(position).ok());
        // One more than asked for tells whether there is a next page.
        let read =
            self.store.read(move |r| store::clients::list(r, None, after.as_deref(), limit + 1));
        let mut clients = read.await?;
        let more = clients.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            clients.pop();
        }
        let last = clients.last().filter(|_| more);
        let next = last.map(|client| self.sign_cursor(&list, client.client_id.as_bytes()));
        Ok(ClientPage { clients, next })
    }
}
