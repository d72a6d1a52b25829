//! Showing one client.

use crate::{Service, caller::Caller, error::Error};
use domain::client::Client;

impl Service {
    /// The client of this `client_id`.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`].
    pub async fn show_client(&self, caller: &Caller, client_id: &str) -> Result<Client, Error> {
        Self::require_client_admin(caller)?;
        let wanted = client_id.to_owned();
        let found = self.store.read(move |r| store::clients::find_by_client_id(r, &wanted)).await?;
        found.map(|(client, _)| client).ok_or(Error::NotFound)
    }
}
