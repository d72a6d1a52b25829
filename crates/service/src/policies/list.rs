//! Listing policies by name.

use crate::{
    Service,
    by_name::{ListByName, PageByName},
    caller::Caller,
    error::Error,
    rules::{require_some, sees},
};
use domain::policy::Policy;

impl Service {
    /// Lists the policies that the caller may see; of a scope those that let the keys of that tenant pass
    /// and of no other, of the cluster those of any tenant.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`] for a tenant out of reach, [`Error::Invalid`] for a
    /// cursor of another list.
    pub fn list_policies(
        &self,
        caller: &Caller,
        list: &ListByName,
    ) -> Result<PageByName<Policy>, Error> {
        require_some(caller)?;
        let scope = self.listed_scope(caller, list.scope)?;
        let mut policies = self.rules.policies();
        policies.retain(|_, policy| {
            sees(caller, policy) && scope.is_none_or(|scope| scope.tenant() == policy.tenant)
        });
        self.page_by_name("list_policies", scope, policies, list)
    }
}
