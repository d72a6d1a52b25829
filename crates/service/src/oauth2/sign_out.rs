//! Signing out: the presented token's family ends, or everything that its owner holds.

use super::refresh::family_subject;
use crate::{Service, caller::Caller, error::Error};
use domain::{
    actor::PrincipalId,
    audit::{AuditEvent, Fact},
};

impl Service {
    /// Ends the sign-in of the presented token; `everywhere`: all sign-ins of its owner.
    ///
    /// `redirect` is where a browser wants to go afterwards. It must be an address that the token's
    /// client registered, or nothing happens at all (WB-09).
    ///
    /// # Errors
    /// [`Error::Invalid`] for another address, [`Error::Unauthenticated`] without a token.
    pub async fn sign_out(
        &self,
        caller: &Caller,
        everywhere: bool,
        redirect: Option<&str>,
    ) -> Result<(), Error> {
        let token = caller.token.as_ref().ok_or(Error::Unauthenticated)?;
        if let Some(wanted) = redirect {
            let client = token.client;
            let client = self.store.read(move |r| store::clients::find_by_id(r, client)).await?;
            if !client
                .is_some_and(|c| c.redirect_uris.iter().any(|registered| registered == wanted))
            {
                return Err(Error::invalid(
                    "redirectUri",
                    "this address is not registered for the client",
                ));
            }
        }
        let at = self.now().wall;
        let (family, principal) = (token.family, caller.principal.id);
        let subject =
            if everywhere { principal_subject(principal) } else { family_subject(family) };
        let event = AuditEvent::new("token.sign_out", caller.scope(), caller.origin(at), subject)
            .detail(vec![("everywhere", Fact::Bool(everywhere))]);
        self.store
            .write_urgent(move |tx| {
                if everywhere {
                    store::tokens::revoke_by_principal(tx, principal, at)?;
                } else {
                    store::tokens::revoke_family(tx, family, at)?;
                }
                tx.commit(event.clone(), ()).map_err(Error::from)
            })
            .await
    }
}

fn principal_subject(id: PrincipalId) -> (&'static str, String) {
    match id {
        PrincipalId::Person(id) => ("person", id.to_string()),
        PrincipalId::Client(id) => ("client", id.to_string()),
    }
}
