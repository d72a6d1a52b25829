//! Lists the personal keys of a person, for whoever manages persons.

use crate::{Service, caller::Caller, error::Error};
use domain::{id::PersonId, key::Key, key_type::PERSONAL_TYPE};
use store::Read;

impl Service {
    /// Every personal key of a person that is not deleted, newest first.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right to manage persons, [`Error::NotFound`].
    pub async fn list_personal_keys(
        &self,
        caller: &Caller,
        person: PersonId,
    ) -> Result<Vec<Key>, Error> {
        self.show_person(caller, person).await?;
        let read = move |r: &mut Read| store::keys::list_by_owner(r, person);
        let mut found = self.store.read(read).await.map_err(|e: store::Error| Error::from(e))?;
        found.retain(|key| key.key_type == PERSONAL_TYPE);
        Ok(found)
    }
}
