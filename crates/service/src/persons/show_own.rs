//! Showing a person to themself.

use crate::{Service, caller::Caller, error::Error};
use domain::{actor::PrincipalId, person::Person};

impl Service {
    /// The person who calls.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a client.
    pub async fn show_own_person(&self, caller: &Caller) -> Result<Person, Error> {
        let PrincipalId::Person(id) = caller.principal.id else { return Err(Error::NotFound) };
        let found = self.store.read(move |r| store::persons::find_by_id(r, id)).await?;
        found.ok_or(Error::NotFound)
    }
}
