//! Shows one key, without its secret.

use super::KeyRef;
use crate::{Service, caller::Caller, error::Error};
use domain::{key::Key, right::Deed};

impl Service {
    /// The key that `reference` names, among those of `key_types` in the caller's reach.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right to see; [`Error::NotFound`] for everything that is not
    /// there for this caller.
    pub async fn show_key(
        &self,
        caller: &Caller,
        reference: KeyRef<'_>,
        key_types: &[&str],
    ) -> Result<Key, Error> {
        self.require_deed(caller, key_types, Deed::See)?;
        self.find_reachable(caller, &reference, key_types, Deed::See).await
    }
}
