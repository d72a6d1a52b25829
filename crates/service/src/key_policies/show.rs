//! Showing a policy.

use super::{require_over, require_tenant};
use crate::{Service, caller::Caller, error::Error};
use domain::{id::Scope, key_policy::KeyPolicy};
use store::Read;

impl Service {
    /// The policy of just this name.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, and for a tenant that is not there for this caller;
    /// [`Error::NotAllowed`].
    pub async fn show_key_policy(
        &self,
        caller: &Caller,
        scope: Scope,
        key_type: &str,
    ) -> Result<KeyPolicy, Error> {
        require_over(caller, scope)?;
        let name = key_type.to_owned();
        self.store
            .read(move |r: &mut Read| -> Result<_, Error> {
                require_tenant(r, scope)?;
                store::key_policies::find(r, scope, &name)?.ok_or(Error::NotFound)
            })
            .await
    }
}
