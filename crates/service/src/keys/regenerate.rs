//! Regenerates a key: a new secret, the old one dead in the same commit.

use super::{Created, new_secret::Replacement};
use crate::{Service, caller::Caller, error::Error};
use domain::id::KeyId;

impl Service {
    /// Gives the key a new secret in place of the old one.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] without the right to update, [`Error::Conflict`]
    /// where the type does not regenerate or the key is revoked, [`Error::PreconditionFailed`].
    pub async fn regenerate_key(
        &self,
        caller: &Caller,
        id: KeyId,
        if_version: Option<u32>,
    ) -> Result<Created, Error> {
        self.regenerate_described(caller, id, None, if_version).await
    }

    /// The same; `description`: what the key is for from then on, where that changes.
    pub(crate) async fn regenerate_described(
        &self,
        caller: &Caller,
        id: KeyId,
        description: Option<String>,
        if_version: Option<u32>,
    ) -> Result<Created, Error> {
        let how = Replacement {
            action: "key.regenerate",
            overlap_s: 0,
            end_overlap: true,
            description,
            scheduled: false,
            if_version,
        };
        self.replace_secret(caller, id, how, |of_type| {
            if of_type.actions.regenerate {
                return Ok(());
            }
            let instead = if of_type.actions.rotate {
                "rotate the key; without an overlap the old secret ends at once"
            } else {
                "delete the key and create another one"
            };
            let why = format!("keys of type `{}` cannot be regenerated: {instead}", of_type.name);
            Err(Error::conflict("key_type", why))
        })
        .await
    }
}
