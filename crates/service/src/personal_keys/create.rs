//! Makes the caller's personal key.

use super::owner;
use crate::{
    Service,
    caller::Caller,
    error::Error,
    keys::{CreateKey, Created},
};
use domain::{allow_list::AllowList, key_type::PERSONAL_TYPE};

/// What personal keys are called that their owner made here: their wire has no name.
const NAME: &str = "Personal PSK";

impl Service {
    /// Makes the one key that the caller may have.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for a client, and without `PersonalKeys.canUse`; [`Error::Conflict`] where
    /// there is one; [`Error::Invalid`] for a description that cannot be; [`Error::Unauthenticated`] for
    /// a session whose person proved themself too long ago.
    pub async fn create_personal_key(
        &self,
        caller: &Caller,
        description: Option<String>,
    ) -> Result<Created, Error> {
        let (person, scope) = owner(caller)?;
        caller.require_fresh(self.now().wall)?;
        let wanted = CreateKey {
            key_type: PERSONAL_TYPE.to_owned(),
            scope,
            name: NAME.to_owned(),
            description,
            permissions: Vec::new(),
            enabled: true,
            starts_at: None,
            expires_at: None,
            rotation: None,
            revoked_at: None,
            limit: None,
            allow_list: AllowList::default(),
            owner: Some(person),
            secret: None,
        };
        self.create_key(caller, wanted).await
    }
}
