//! Which key a secret belongs to, for whoever may see that key.

use super::{ALL_TYPES, KeyRef};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    key::Key,
    right::Deed,
    secret::{Secret, Shape},
};

impl Service {
    /// The key that this secret opens, or opened before it ended.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everything that is not there for this caller; [`Error::Limited`] for one
    /// that asks too often: the answers would let it guess.
    pub async fn find_key(&self, caller: &Caller, secret: &Secret) -> Result<Key, Error> {
        self.look_ups.take(caller, self.now().mono_ns)?;
        if Shape::of(secret.expose()).is_err() {
            return Err(Error::NotFound);
        }
        self.find_reachable(caller, &KeyRef::Secret(secret.expose()), ALL_TYPES, Deed::See).await
    }
}
