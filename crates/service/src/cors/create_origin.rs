//! Adding one origin to the new list.

use super::{commit, origin, require_over};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    unchanged::{Stopped, settled},
};
use domain::{
    cors::{Cors, MAX_ORIGINS},
    id::TenantId,
};
use store::{Committed, Tx};

impl Service {
    /// Lets pages of one more origin call. One that is there already changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant that is not there for this caller, [`Error::NotAllowed`],
    /// [`Error::Invalid`], [`Error::Conflict`] when the tenant has as many as it may have.
    pub async fn create_cors_origin(
        &self,
        caller: &Caller,
        tenant: TenantId,
        text: &str,
    ) -> Result<Cors, Error> {
        require_over(caller, tenant)?;
        let wanted = origin(text)?;
        let by = caller.origin(self.now().wall);
        let write = move |tx: &mut Tx| -> Result<Committed<Cors>, Stopped<Cors>> {
            let before = store::cors::find_for_update(tx, tenant)?.ok_or(Error::NotFound)?;
            if before.origins.contains(&wanted) {
                return Err(Stopped::Unchanged(Box::new(before)));
            }
            if before.origins.len() >= MAX_ORIGINS {
                let why = format!("there are {MAX_ORIGINS} origins, and no more can be");
                return Err(Error::conflict("origins", why).into());
            }
            let mut after = before.clone();
            after.origins.insert(wanted.clone());
            Ok(commit(tx, ("cors_origin.create", &by), &before, after)?)
        };
        settled(self.store.write(write).await)
    }
}
