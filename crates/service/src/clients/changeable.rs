//! Which clients somebody may change: what is refused need not be offered.

use super::granting;
use crate::{Service, caller::Caller, error::Error, persons::granting::hold_no_more};
use domain::client::Client;
use store::Read;

impl Service {
    /// Which of these clients the caller may change: those within reach that hold no more than the caller.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn may_change_clients(
        &self,
        caller: &Caller,
        clients: &[Client],
    ) -> Result<Vec<bool>, Error> {
        let of = |client: &Client| (client.scope, client.roles.clone(), client.rights);
        let holders: Vec<_> = clients.iter().map(of).collect();
        let asking = caller.clone();
        let read = move |r: &mut Read| hold_no_more(r, &asking, &holders);
        let hold = self.store.read(read).await?;
        let both = |(client, fine): (&Client, bool)| fine && granting::reaches(caller, client);
        Ok(clients.iter().zip(hold).map(both).collect())
    }
}
