//! Ends the caller's personal key; they may make another one.

use crate::{
    Service,
    caller::Caller,
    error::Error,
    keys::{ALL_TYPES, KeyRef},
};

impl Service {
    /// Takes the key from service for good.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for a client, and without `PersonalKeys.canUse`; [`Error::NotFound`].
    pub async fn delete_personal_key(&self, caller: &Caller) -> Result<(), Error> {
        let key = self.own_personal_key(caller).await?;
        self.delete_key(caller, KeyRef::Id(key.id), ALL_TYPES, None).await
    }
}
