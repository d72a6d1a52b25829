//! Listing issuers by name.

use super::reach;
use crate::{Service, caller::Caller, error::Error};
use domain::{id::Scope, issuer::Issuer};
use std::{collections::BTreeMap, sync::Arc};

/// The longest page.
pub const MAX_PAGE: u32 = 200;

/// Which issuers, and how many of them.
#[derive(Clone, Debug)]
pub struct ListIssuers {
    /// Whose persons they speak for; `None`: everybody's that the caller reaches.
    pub scope: Option<Scope>,
    /// How many at most.
    pub limit: u32,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// Part of the list.
#[derive(Clone, Debug)]
pub struct IssuerPage {
    /// The issuers.
    pub issuers: Vec<Arc<Issuer>>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// Lists the issuers that the caller may see.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`] for a tenant out of reach, [`Error::Invalid`] for a
    /// cursor of another list.
    pub fn list_issuers(&self, caller: &Caller, list: &ListIssuers) -> Result<IssuerPage, Error> {
        reach::require_some(caller)?;
        let scope = self.listed_scope(caller, list.scope)?;
        let shown = |issuer: &Arc<Issuer>| {
            caller.reaches(issuer.scope) && scope.is_none_or(|scope| scope == issuer.scope)
        };
        let all = self.issuers.all().into_iter().filter(shown);
        let named: BTreeMap<String, Arc<Issuer>> =
            all.map(|issuer| (format!("{} {}", issuer.name, issuer.id), issuer)).collect();
        let place = ("list_issuers", scope);
        let (issuers, next) = self.page_by_name(place, named, list.limit, &list.cursor)?;
        Ok(IssuerPage { issuers, next })
    }
}
