//! Who is delayed after failed sign-ins.

use super::granting;
use crate::{Service, caller::Caller, error::Error};
use domain::{person::Person, time::Timestamp};
use store::Read;

impl Service {
    /// Until when each of these persons is delayed, from whatever source; `None`: they are not.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right, [`Error::NotFound`] for a person out of reach.
    pub async fn list_person_locks(
        &self,
        caller: &Caller,
        persons: &[Person],
    ) -> Result<Vec<Option<Timestamp>>, Error> {
        for person in persons {
            caller.require(person.scope, granting::manage())?;
        }
        let macs: Vec<[u8; 32]> = persons.iter().map(|person| self.account_mac(person)).collect();
        let now = self.now().wall;
        let read = move |r: &mut Read| store::attempts::locked_until(r, &macs, now);
        Ok(self.store.read(read).await?)
    }
}
