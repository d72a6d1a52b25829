//! Revocation (RFC 7009). The policy: either token of a sign-in takes the whole family with it, so
//! that nobody is left with a token that its owner thinks is dead (RV-04).

use super::{ClientProof, ClientRefusal, prove_client::actor, refresh::family_subject};
use crate::{Service, caller::Context, error::Error};
use domain::{
    audit::{AuditEvent, Fact},
    client::Client,
    secret::Secret,
};
use store::tokens::State;

impl Service {
    /// Revokes a token that was issued to this client. Any other token, and one that is dead or
    /// unknown, is left alone and nothing is said about it (RV-01, RV-02).
    ///
    /// # Errors
    /// The client proved nothing, or the store is unavailable: then the token still lives.
    pub async fn revoke_token(
        &self,
        client: Option<&ClientProof>,
        token: &Secret,
        context: &Context,
    ) -> Result<(), ClientRefusal> {
        let client = self.prove_client(client, context).await?;
        Ok(self.revoke_token_of(&client, token, context).await?)
    }

    /// The same for a client that has proved itself.
    ///
    /// # Errors
    /// The store is unavailable: then the token still lives.
    pub async fn revoke_token_of(
        &self,
        client: &Client,
        token: &Secret,
        context: &Context,
    ) -> Result<(), Error> {
        let digest = token.digest();
        // One table holds both kinds, so a hint at the kind has nothing to speed up (RV-03).
        let found = self.store.read(move |r| store::tokens::find_any(r, &digest)).await?;
        let Some((held, state)) = found else { return Ok(()) };
        if held.client != client.id || state == State::Revoked {
            return Ok(());
        }
        let at = self.now().wall;
        let event = AuditEvent::new(
            "token.revoke_family",
            self.scope_of(held.principal).unwrap_or(client.scope),
            context.origin(actor(client), at),
            family_subject(held.family),
        )
        .detail(vec![
            ("reason", Fact::Text("revoked by its client".to_owned())),
            ("principal", Fact::Text(held.principal.to_string())),
        ]);
        self.store
            .write_urgent(move |tx| {
                store::tokens::revoke_family(tx, held.family, at)?;
                tx.commit(event.clone(), ()).map_err(Error::from)
            })
            .await
    }
}
