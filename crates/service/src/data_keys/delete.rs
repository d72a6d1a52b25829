//! Takes a key of a data product from service; it stays in the list of those that were deleted.

use super::{KEY_TYPES, place};
use crate::{Service, caller::Caller, error::Error, keys::KeyRef};
use domain::{id::KeyId, right::Deed};

impl Service {
    /// Deletes the key.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without `Native.ApiKeys.canDelete`, and for whoever belongs to no one tenant;
    /// [`Error::NotFound`].
    pub async fn delete_data_key(&self, caller: &Caller, id: KeyId) -> Result<(), Error> {
        self.require_deed(caller, KEY_TYPES, Deed::Delete)?;
        place(caller)?;
        self.delete_key(caller, KeyRef::Id(id), KEY_TYPES, None).await
    }
}
