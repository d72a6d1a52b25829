//! Rotates a key: a new secret, and for a while the old one beside it.

use super::{Created, new_secret::Replacement};
use crate::{Service, caller::Caller, error::Error};
use domain::id::KeyId;
pub use domain::key::MAX_OVERLAP_S;

/// How a key is rotated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RotateKey {
    /// How many seconds the old secret works on; 0: not at all.
    pub overlap_s: u32,
    /// Whether a secret that still runs out from the last rotation may end now.
    pub end_overlap: bool,
    /// Only if the key is still this version.
    pub if_version: Option<u32>,
}

impl Service {
    /// Gives the key a new secret.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] without the right to update, [`Error::Invalid`] for
    /// a longer overlap than 30 days, [`Error::Conflict`] where the type does not rotate, the key is
    /// revoked, or an earlier overlap has not ended, [`Error::PreconditionFailed`].
    pub async fn rotate_key(
        &self,
        caller: &Caller,
        id: KeyId,
        rotate: RotateKey,
    ) -> Result<Created, Error> {
        if rotate.overlap_s > MAX_OVERLAP_S {
            let wanted = format!("must be 0 to {MAX_OVERLAP_S}, which is 30 days");
            return Err(Error::invalid("overlapSeconds", wanted));
        }
        let how = Replacement {
            action: "key.rotate",
            overlap_s: rotate.overlap_s,
            end_overlap: rotate.end_overlap,
            description: None,
            scheduled: false,
            if_version: rotate.if_version,
        };
        self.replace_secret(caller, id, how, |of_type| {
            if of_type.actions.rotate {
                return Ok(());
            }
            let instead = if of_type.actions.regenerate {
                "regenerate the key, which ends the old secret at once"
            } else {
                "delete the key and create another one"
            };
            let why = format!("keys of type `{}` cannot be rotated: {instead}", of_type.name);
            Err(Error::conflict("key_type", why))
        })
        .await
    }
}
