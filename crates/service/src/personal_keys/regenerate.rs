//! Gives the caller's personal key a new secret, the old one dead in the same commit.

use crate::{Service, caller::Caller, error::Error, keys::Created};

impl Service {
    /// Replaces the secret; the description stays, unless there is another one; an empty one takes it away.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for a client, and without `PersonalKeys.canUse`; [`Error::NotFound`];
    /// [`Error::Conflict`] for a key that was revoked; [`Error::Invalid`] for a description that cannot be.
    pub async fn regenerate_personal_key(
        &self,
        caller: &Caller,
        description: Option<String>,
    ) -> Result<Created, Error> {
        let key = self.own_personal_key(caller).await?;
        self.regenerate_described(caller, key.id, description, None).await
    }
}
