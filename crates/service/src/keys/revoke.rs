//! Revokes a key for good: now, or from an instant on.

use super::{ALL_TYPES, KeyRef, UpdateKey};
use crate::{Service, caller::Caller, error::Error};
use domain::{id::KeyId, key::Key, right::Deed, time::Timestamp};

/// How a key is revoked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RevokeKey {
    /// From when on; `None`: now. Until that instant it may be moved.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: Option<String>,
    /// Only if the key is still this version.
    pub if_version: Option<u32>,
}

impl Service {
    /// Revokes the key. One that is revoked already stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] without the right to update, [`Error::Conflict`]
    /// for another instant than the one that has passed, or for a type that is only assigned.
    pub async fn revoke_key(
        &self,
        caller: &Caller,
        id: KeyId,
        revoke: RevokeKey,
    ) -> Result<Key, Error> {
        let found = self.find_for(caller, id, Deed::Update).await?;
        let of_type = self.type_of(&found)?;
        if of_type.actions.assigned_only {
            let why = format!(
                "keys of type `{}` are only assigned and unassigned: delete the key",
                of_type.name
            );
            return Err(Error::conflict("key_type", why));
        }
        // An instant that has passed is now: what was valid until this moment was valid.
        let at = revoke.at.filter(|at| *at > self.now().wall);
        let update = UpdateKey {
            revoked_at: at.map(Some),
            revoke_now: at.is_none(),
            revoke_reason: revoke.reason,
            if_version: revoke.if_version,
            action: Some("key.revoke"),
            ..UpdateKey::default()
        };
        self.update_key(caller, KeyRef::Id(id), ALL_TYPES, update, |_| Ok(())).await
    }
}
