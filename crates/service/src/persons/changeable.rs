//! Whom somebody may change: what is refused need not be offered.

use super::granting;
use crate::{Service, caller::Caller, error::Error};
use domain::{person::Person, right::Rights};
use store::Read;

impl Service {
    /// Which of these persons hold no more than the caller does: nobody changes those who hold more.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn may_change_persons(
        &self,
        caller: &Caller,
        persons: &[Person],
    ) -> Result<Vec<bool>, Error> {
        let of = |person: &Person| (person.scope, person.all_roles(), Rights::NONE);
        let (caller, holders) = (caller.clone(), persons.iter().map(of).collect::<Vec<_>>());
        let read = move |r: &mut Read| granting::hold_no_more(r, &caller, &holders);
        Ok(self.store.read(read).await?)
    }
}
