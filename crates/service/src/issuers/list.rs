//! Listing issuers by name.

use super::reach;
use crate::{
    Service,
    by_name::{ListByName, PageByName},
    caller::Caller,
    error::Error,
};
use domain::issuer::Issuer;
use std::{collections::BTreeMap, sync::Arc};

impl Service {
    /// Lists the issuers that the caller may see; of a scope those that speak for its persons.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`] for a tenant out of reach, [`Error::Invalid`] for a
    /// cursor of another list.
    pub fn list_issuers(
        &self,
        caller: &Caller,
        list: &ListByName,
    ) -> Result<PageByName<Arc<Issuer>>, Error> {
        reach::require_some(caller)?;
        let scope = self.listed_scope(caller, list.scope)?;
        let shown = |issuer: &Arc<Issuer>| {
            caller.reaches(issuer.scope) && scope.is_none_or(|scope| scope == issuer.scope)
        };
        let all = self.issuers.all().into_iter().filter(shown);
        let named: BTreeMap<String, Arc<Issuer>> =
            all.map(|issuer| (format!("{} {}", issuer.name, issuer.id), issuer)).collect();
        self.page_by_name("list_issuers", scope, named, list)
    }
}
