//! Showing one person.

use super::granting;
use crate::{Service, caller::Caller, error::Error};
use domain::{id::PersonId, person::Person};

impl Service {
    /// The person of this id.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right, [`Error::NotFound`].
    pub async fn show_person(&self, caller: &Caller, id: PersonId) -> Result<Person, Error> {
        caller.require_rights(granting::manage())?;
        let found = self.store.read(move |r| store::persons::find_by_id(r, id)).await?;
        found.filter(|person| caller.reaches(person.scope)).ok_or(Error::NotFound)
    }
}
