//! What was done to one key.

use crate::{
    Service,
    audit::{AuditPage, ListAudit},
    caller::Caller,
    error::Error,
};
use domain::{id::KeyId, right::Deed};

impl Service {
    /// Lists the audit events of one key.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a key that is not there for this caller, and those of
    /// [`Service::list_audit`].
    pub async fn list_key_audit(
        &self,
        caller: &Caller,
        id: KeyId,
        list: ListAudit,
    ) -> Result<AuditPage, Error> {
        let key = self.find_for(caller, id, Deed::See).await?;
        let subject = Some(format!("key:{id}"));
        self.list_audit(caller, ListAudit { scope: Some(key.scope), subject, ..list }).await
    }
}
