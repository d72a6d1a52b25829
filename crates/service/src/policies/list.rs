//! Listing policies by name.

use crate::{
    Service,
    caller::Caller,
    error::Error,
    rules::{require_some, sees},
};
use domain::{id::Scope, policy::Policy};

/// The longest page.
pub const MAX_PAGE: u32 = 200;

/// Which policies, and how many of them.
#[derive(Clone, Debug)]
pub struct ListPolicies {
    /// Those that let keys of this tenant pass and of no other; of the cluster: of any tenant.
    pub scope: Option<Scope>,
    /// How many at most.
    pub limit: u32,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// Part of the list.
#[derive(Clone, Debug)]
pub struct PolicyPage {
    /// The policies.
    pub policies: Vec<Policy>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// Lists the policies that the caller may see.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`] for a tenant out of reach, [`Error::Invalid`] for a
    /// cursor of another list.
    pub fn list_policies(&self, caller: &Caller, list: &ListPolicies) -> Result<PolicyPage, Error> {
        require_some(caller)?;
        let scope = self.listed_scope(caller, list.scope)?;
        let shown = |policy: &Policy| {
            sees(caller, policy) && scope.is_none_or(|scope| scope.tenant() == policy.tenant)
        };
        let mut policies = self.rules.policies();
        policies.retain(|_, policy| shown(policy));
        let place = ("list_policies", scope);
        let (policies, next) = self.page_by_name(place, policies, list.limit, &list.cursor)?;
        Ok(PolicyPage { policies, next })
    }
}
