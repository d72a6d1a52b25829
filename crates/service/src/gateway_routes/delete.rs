//! Deleting a route of the gateway.

use super::subject;
use crate::{
    Service,
    caller::Caller,
    error::Error,
    rules::{chain_of, of_configuration, require_over, require_some},
    unchanged::check_version,
};
use domain::{audit::AuditEvent, policy::Source};
use store::Tx;

impl Service {
    /// Deletes a route of the gateway; the next call finds none. `if_version`: only if it is still that
    /// version.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] also for one of the tenant's that the cluster made,
    /// [`Error::Conflict`] for one of the configuration, [`Error::PreconditionFailed`].
    pub async fn delete_gateway_route(
        &self,
        caller: &Caller,
        name: &str,
        if_version: Option<u32>,
    ) -> Result<(), Error> {
        require_some(caller)?;
        // One in the database that has the name of one of the configuration can still be deleted.
        let shown = self.show_gateway_route(caller, name);
        let (caller, name) = (caller.clone(), name.to_owned());
        let origin = caller.origin(self.now().wall);
        let configured = shown.is_ok_and(|route| route.policy.source == Source::Configuration);
        self.store
            .write_urgent(move |tx: &mut Tx| {
                let turn = store::rules::take_turn(tx)?;
                let Some(before) = store::gateway_routes::find(tx, &name)? else {
                    return Err(if configured { of_configuration() } else { Error::NotFound });
                };
                require_over(&caller, &before.policy)?;
                check_version(if_version, before.policy.source.version())?;
                store::gateway_routes::delete(tx, &turn, &name)?;
                let (chain, subject) = (chain_of(&before.policy), subject(&name));
                let event = AuditEvent::new("gateway_route.delete", chain, origin.clone(), subject)
                    .before(before.facts());
                Ok(tx.commit(event, ())?)
            })
            .await
    }
}
