//! Showing a policy.

use crate::{
    Service,
    caller::Caller,
    error::Error,
    rules::{require_some, sees},
};
use domain::policy::Policy;

impl Service {
    /// The policy of this name, whether the configuration holds it or the database.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`] for one that is not there for this caller.
    pub fn show_policy(&self, caller: &Caller, name: &str) -> Result<Policy, Error> {
        require_some(caller)?;
        let found = self.rules.policies().remove(name);
        found.filter(|policy| sees(caller, policy)).ok_or(Error::NotFound)
    }
}
