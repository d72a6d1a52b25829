//! Gives a key of a data product more time; its secret stays and is not shown.

use super::{KEY_TYPES, place};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    keys::{KeyRef, UpdateKey},
};
use domain::{id::KeyId, key::Key, right::Deed};

impl Service {
    /// Lets the key serve so many days more, counted from its end, or from now where that has passed.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without `Native.ApiKeys.canUpdate`, and for whoever belongs to no one tenant;
    /// [`Error::NotFound`]; [`Error::Conflict`] for a key that was revoked, and for one without an end;
    /// [`Error::Invalid`] for days that cannot be.
    pub async fn extend_data_key(
        &self,
        caller: &Caller,
        id: KeyId,
        validity_days: u32,
    ) -> Result<Key, Error> {
        self.require_deed(caller, KEY_TYPES, Deed::Update)?;
        place(caller)?;
        let update = UpdateKey { extend_days: Some(validity_days), ..UpdateKey::default() };
        self.update_key(caller, KeyRef::Id(id), KEY_TYPES, update, |_| Ok(())).await
    }
}
