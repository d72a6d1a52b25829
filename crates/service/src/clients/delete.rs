//! Ending a client.

use super::subject;
use crate::{Service, caller::Caller, error::Error};
use domain::audit::AuditEvent;

impl Service {
    /// Ends a client: its tokens are refused from now on, its `client_id` is free again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotAllowed`] also for a client that holds more than the caller.
    pub async fn delete_client(&self, caller: &Caller, client_id: &str) -> Result<(), Error> {
        let client = self.show_client(caller, client_id).await?;
        self.check_holds_no_more(caller, &client).await?;
        let event = AuditEvent::new(
            "client.delete",
            client.scope,
            caller.origin(self.now().wall),
            subject(&client),
        )
        .before(client.facts());
        self.store
            .write_urgent(move |tx| {
                if !store::clients::delete(tx, client.id)? {
                    return Err(Error::NotFound);
                }
                tx.commit(event.clone(), ()).map_err(Error::from)
            })
            .await
    }
}
