//! Taking one origin off the new list.

use super::{commit, origin, require_over};
use crate::{Service, caller::Caller, error::Error};
use domain::{cors::Cors, id::TenantId};
use store::{Committed, Tx};

impl Service {
    /// Lets pages of this origin call no more. With the last one gone, the old list counts again.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for an origin that is not listed, [`Error::NotAllowed`],
    /// [`Error::Invalid`].
    pub async fn delete_cors_origin(
        &self,
        caller: &Caller,
        tenant: TenantId,
        text: &str,
    ) -> Result<Cors, Error> {
        require_over(caller, tenant)?;
        let wanted = origin(text)?;
        let by = caller.origin(self.now().wall);
        self.store
            .write_urgent(move |tx: &mut Tx| -> Result<Committed<Cors>, Error> {
                let before = store::cors::find_for_update(tx, tenant)?.ok_or(Error::NotFound)?;
                let mut after = before.clone();
                if !after.origins.remove(&wanted) {
                    return Err(Error::NotFound);
                }
                Ok(commit(tx, ("cors_origin.delete", &by), &before, after)?)
            })
            .await
    }
}
