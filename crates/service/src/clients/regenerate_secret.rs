//! A new secret for a client. The old one is dead at once, and so is every token that the client was
//! given: whoever had the old secret may have them.

use super::{WithSecret, granting, make_secret, subject};
use crate::{Service, caller::Caller, error::Error, unchanged::check_version};
use domain::{audit::AuditEvent, client::Client};
use store::Tx;

impl Service {
    /// Replaces a client's secret by one that is made here, and ends its tokens. `if_version`: only if
    /// the client is still that version.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotAllowed`] also for a client that holds more than the caller;
    /// [`Error::Conflict`] for a public client; [`Error::PreconditionFailed`] when it was changed
    /// meanwhile.
    pub async fn regenerate_client_secret(
        &self,
        caller: &Caller,
        client_id: &str,
        if_version: Option<u32>,
    ) -> Result<WithSecret, Error> {
        let found = self.show_client(caller, client_id).await?;
        caller.require_fresh(self.now().wall)?;
        let made = make_secret(&self.entropy);
        let sealed = self.seal_client_secret(found.id, &made)?;
        let (caller, at) = (caller.clone(), self.now().wall);
        let client = self
            .store
            .write_urgent(move |tx: &mut Tx| {
                let before = store::clients::find_for_update(tx, found.scope, found.id)?
                    .ok_or(Error::NotFound)?;
                check_version(if_version, before.version)?;
                granting::check_holds_no_more(tx, &caller, &before)?;
                if before.public {
                    let why = "a public client has no secret; make a confidential one instead";
                    return Err(Error::conflict("public_client", why));
                }
                let after = Client { version: before.version.saturating_add(1), ..before.clone() };
                store::clients::update(tx, &after, Some(Some(&sealed)))?;
                store::tokens::revoke_by_client(tx, after.id, at)?;
                let origin = caller.origin(at);
                let action = "client.regenerate_secret";
                let event = AuditEvent::new(action, after.scope, origin, subject(&after))
                    .before(before.facts())
                    .after(after.facts());
                Ok(tx.commit(event, after)?)
            })
            .await?;
        Ok(WithSecret { client, secret: Some(made) })
    }
}
