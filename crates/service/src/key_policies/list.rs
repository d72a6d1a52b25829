//! Listing the policies of a tenant by key type.

use super::{require_over, require_tenant};
use crate::{
    Service,
    by_name::{ListByName, PageByName},
    caller::Caller,
    error::Error,
};
use domain::{id::Scope, key_policy::KeyPolicy};
use std::collections::BTreeMap;
use store::Read;

impl Service {
    /// Lists the policies of a tenant, or of the cluster.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant that is not there for this caller, [`Error::NotAllowed`],
    /// [`Error::Invalid`] for a cursor of another list.
    pub async fn list_key_policies(
        &self,
        caller: &Caller,
        scope: Scope,
        list: &ListByName,
    ) -> Result<PageByName<KeyPolicy>, Error> {
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
        self.page_by_name("list_key_policies", Some(scope), by_name, list)
    }
}
