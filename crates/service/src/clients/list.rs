//! Listing clients.

use super::manage;
use crate::{
    Service,
    caller::Caller,
    cursor::{ListId, filter_digest},
    error::Error,
};
use domain::{client::Client, id::Scope};

/// Which clients.
#[derive(Clone, Debug, Default)]
pub struct ListClients {
    /// Where they belong; `None`: everywhere that the caller reaches.
    pub scope: Option<Scope>,
    /// A part of the client id, in any case.
    pub search: Option<String>,
    /// How many at most; `None`: as many as a page holds.
    pub limit: Option<u32>,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// A part of the list, in the order of the client ids.
#[derive(Debug)]
pub struct ClientPage {
    /// The clients.
    pub clients: Vec<Client>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

/// The most clients of one page.
pub const MAX_PAGE: u32 = 200;

impl Service {
    /// A page of clients.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right, [`Error::NotFound`] for a tenant out of reach,
    /// [`Error::Invalid`] for a limit out of range or a cursor of another list.
    pub async fn list_clients(
        &self,
        caller: &Caller,
        list: ListClients,
    ) -> Result<ClientPage, Error> {
        caller.require_rights(manage())?;
        let scope = self.listed_scope(caller, list.scope)?;
        let limit = list.limit.unwrap_or(MAX_PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Error::invalid("limit", format!("1 to {MAX_PAGE}")));
        }
        let search = list.search;
        let filter =
            filter_digest(&[&search.as_deref().map_or_else(String::new, |t| format!("={t}"))]);
        let id = ListId { route: "list_clients", scope, filter };
        let after = list.cursor.map(|text| self.read_long_cursor(&id, &text)).transpose()?;
        let after = after.and_then(|position| String::from_utf8(position).ok());
        // One more than asked for tells whether there is a next page.
        let read = self.store.read(move |r| {
            store::clients::list(r, scope, search.as_deref(), after.as_deref(), limit + 1)
        });
        let mut clients = read.await?;
        let more = clients.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            clients.pop();
        }
        let last = clients.last().filter(|_| more);
        let next = last.map(|client| self.sign_cursor(&id, client.client_id.as_bytes()));
        Ok(ClientPage { clients, next })
    }
}
