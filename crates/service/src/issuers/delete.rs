//! Believing an issuer no more. Its persons stay, and nobody signs them in.

use super::{reach, subject, withdraw};
use crate::{Service, caller::Caller, error::Error, unchanged::check_version};
use domain::{audit::AuditEvent, id::IssuerId};
use store::Tx;

impl Service {
    /// Deletes an issuer: the sessions and tokens of its persons end with it. `if_version`: only if it is
    /// still that version.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] also where the issuer gives, or its persons hold, more
    /// than the caller, [`Error::Conflict`] for one of the configuration, [`Error::PreconditionFailed`].
    pub async fn delete_issuer(
        &self,
        caller: &Caller,
        id: IssuerId,
        if_version: Option<u32>,
    ) -> Result<(), Error> {
        let found = self.show_issuer(caller, id)?;
        reach::require_over(caller, &found)?;
        let caller = caller.clone();
        let origin = caller.origin(self.now().wall);
        self.store
            .write_urgent(move |tx: &mut Tx| {
                let before = store::issuers::find_for_update(tx, id)?.ok_or(Error::NotFound)?;
                reach::require_over(&caller, &before)?;
                check_version(if_version, before.source.version())?;
                reach::check_holds_no_more(tx, &caller, &before)?;
                store::issuers::delete(tx, id)?;
                let mut events = vec![
                    AuditEvent::new(
                        "issuer.delete",
                        before.scope,
                        origin.clone(),
                        subject(&before),
                    )
                    .before(before.facts()),
                ];
                events.extend(withdraw::all(tx, &before, &origin)?);
                Ok(tx.commit_all(events, ())?)
            })
            .await
    }
}
