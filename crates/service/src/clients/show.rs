//! Showing one client.

use super::manage;
use crate::{Service, caller::Caller, error::Error};
use domain::client::Client;
use store::clients::ClientSecret;

impl Service {
    /// The client of this `client_id`.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`].
    pub async fn show_client(&self, caller: &Caller, client_id: &str) -> Result<Client, Error> {
        self.find_client(caller, client_id).await.map(|(client, _)| client)
    }

    /// The same with its sealed secret.
    pub(super) async fn find_client(
        &self,
        caller: &Caller,
        client_id: &str,
    ) -> Result<(Client, Option<ClientSecret>), Error> {
        caller.require_rights(manage())?;
        let wanted = client_id.to_owned();
        let found = self.store.read(move |r| store::clients::find_by_client_id(r, &wanted)).await?;
        found.filter(|(client, _)| caller.reaches(client.scope)).ok_or(Error::NotFound)
    }
}
