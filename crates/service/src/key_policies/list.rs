//! Listing the policies of a tenant by key type.

use super::{require_over, require_tenant};
use crate::{Service, caller::Caller, error::Error};
use domain::{id::Scope, key_policy::KeyPolicy};
use std::collections::BTreeMap;
use store::Read;

/// The longest page.
pub const MAX_PAGE: u32 = 200;

/// Which policies, and how many of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListKeyPolicies {
    /// Whose keys they govern.
    pub scope: Scope,
    /// How many at most.
    pub limit: u32,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// Part of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyPolicyPage {
    /// The policies.
    pub policies: Vec<KeyPolicy>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// Lists the policies of a tenant, or of the cluster.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant that is not there for this caller, [`Error::NotAllowed`],
    /// [`Error::Invalid`] for a cursor of another list.
    pub async fn list_key_policies(
        &self,
        caller: &Caller,
        list: &ListKeyPolicies,
    ) -> Result<KeyPolicyPage, Error> {
        let scope = list.scope;
        require_over(caller, scope)?;
        let found: Vec<KeyPolicy> = self
            .store
            .read(move |r: &mut Read| -> Result<_, Error> {
                require_tenant(r, scope)?;
                Ok(store::key_policies::list_by_scope(r, scope)?)
            })
            .await?;
        let by_name: BTreeMap<String, KeyPolicy> =
            found.into_iter().map(|policy| (policy.key_type.clone(), policy)).collect();
        let place = ("list_key_policies", Some(scope));
        let (policies, next) = self.page_by_name(place, by_name, list.limit, &list.cursor)?;
        Ok(KeyPolicyPage { policies, next })
    }
}
