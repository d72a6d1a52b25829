//! Shows the caller's personal key, never its secret.

use crate::{Service, caller::Caller, error::Error};
use domain::{id::PersonId, key::Key, time::Timestamp};
use store::Read;

/// A personal key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonalKey {
    /// The key.
    pub key: Key,
    /// Whose it is.
    pub owner: PersonId,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it last passed; a flush reaches this within about a minute.
    pub last_used_at: Option<Timestamp>,
    /// Whether it serves.
    pub is_active: bool,
}

impl Service {
    /// The caller's own.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for a client, and without `PersonalKeys.canUse`; [`Error::NotFound`].
    pub async fn show_personal_key(&self, caller: &Caller) -> Result<PersonalKey, Error> {
        let (owner, _) = super::owner(caller)?;
        let key = self.own_personal_key(caller).await?;
        let (id, at) = (key.id, self.now().wall);
        let (changed_at, last_used_at) = self
            .store
            .read(move |r: &mut Read| {
                let last_used = store::usage::last_used(r, &[id])?.first().copied().flatten();
                Ok((store::keys::changed_at(r, id)?, last_used))
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let updated_at = changed_at.ok_or(Error::NotFound)?;
        let is_active = key.enabled && key.held_at.is_none() && !key.is_revoked(at);
        Ok(PersonalKey { key, owner, updated_at, last_used_at, is_active })
    }
}
