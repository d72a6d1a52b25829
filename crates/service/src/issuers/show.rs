//! Showing an issuer.

use super::reach;
use crate::{Service, caller::Caller, error::Error};
use domain::{id::IssuerId, issuer::Issuer};
use std::sync::Arc;

impl Service {
    /// The issuer of this id, whether the configuration holds it or the database. Its secret is no part
    /// of it.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`] for one that is not there for this caller.
    pub fn show_issuer(&self, caller: &Caller, id: IssuerId) -> Result<Arc<Issuer>, Error> {
        reach::require_some(caller)?;
        let mut all = self.issuers.all().into_iter();
        all.find(|issuer| issuer.id == id && caller.reaches(issuer.scope)).ok_or(Error::NotFound)
    }
}
