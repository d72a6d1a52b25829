//! Ending a client.

use super::{granting, subject};
use crate::{Service, caller::Caller, error::Error, unchanged::check_version};
use domain::audit::AuditEvent;
use store::Tx;

impl Service {
    /// Ends a client: its tokens are refused from now on, its `client_id` is free again.
    /// `if_version`: only if it is still that version.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotAllowed`] also for a client that holds more than the caller;
    /// [`Error::PreconditionFailed`] when it was changed meanwhile.
    pub async fn delete_client(
        &self,
        caller: &Caller,
        client_id: &str,
        if_version: Option<u32>,
    ) -> Result<(), Error> {
        let found = self.show_client(caller, client_id).await?;
        let (caller, at) = (caller.clone(), self.now().wall);
        self.store
            .write_urgent(move |tx: &mut Tx| {
                let client = store::clients::find_for_update(tx, found.scope, found.id)?
                    .ok_or(Error::NotFound)?;
                check_version(if_version, client.version)?;
                granting::check_holds_no_more(tx, &caller, &client)?;
                if !store::clients::delete(tx, client.id)? {
                    return Err(Error::NotFound);
                }
                store::tokens::revoke_by_client(tx, client.id, at)?;
                let origin = caller.origin(at);
                let event =
                    AuditEvent::new("client.delete", client.scope, origin, subject(&client));
                Ok(tx.commit(event.before(client.facts()), ())?)
            })
            .await
    }
}
