//! Client authentication (RFC 6749 section 2.3).

use super::{ClientProof, ClientRefusal};
use crate::{Service, caller::Context};
use domain::{
    actor::{Actor, ActorKind, PrincipalId},
    client::{Client, is_client_id},
    id::Scope,
};
use store::clients::ClientSecret;

impl Service {
    /// The client behind a proof. A public client matches the empty secret alone and proves nothing
    /// by it: whoever needs more asks `prove_confidential`.
    ///
    /// # Errors
    /// The client proved nothing, or the store is unavailable.
    pub async fn prove_client(
        &self,
        proof: Option<&ClientProof>,
        context: &Context,
    ) -> Result<Client, ClientRefusal> {
        let proof = proof.ok_or(ClientRefusal::NoClient)?;
        let now = self.now();
        self.check_source(context, now)?;
        let wanted = proof.client_id.clone();
        let found = if is_client_id(&wanted) {
            self.store.read(move |r| store::clients::find_by_client_id(r, &wanted)).await?
        } else {
            None
        };
        if let Some((client, secret)) = found
            && self.is_proved(&client, secret.as_ref(), proof)
            && self.is_in_service(PrincipalId::Client(client.id))
        {
            return Ok(client);
        }
        let _ = self.refuse_credential(context, now);
        tracing::info!(request_id = context.request_id, "a client's credentials were refused");
        Err(ClientRefusal::BadClient)
    }

    /// The client behind a proof that a secret made.
    ///
    /// # Errors
    /// The client proved nothing or has no secret, or the store is unavailable.
    pub async fn prove_confidential(
        &self,
        proof: Option<&ClientProof>,
        context: &Context,
    ) -> Result<Client, ClientRefusal> {
        let client = self.prove_client(proof, context).await?;
        if client.public { Err(ClientRefusal::BadClient) } else { Ok(client) }
    }

    fn is_proved(&self, client: &Client, held: Option<&ClientSecret>, proof: &ClientProof) -> bool {
        let given = proof.secret.as_ref().filter(|secret| !secret.expose().is_empty());
        match (client.public, held, given) {
            (true, _, given) => given.is_none(),
            (false, Some(held), Some(given)) => self
                .keyring
                .open_client_digest(client.id, held.generation, &held.sealed_digest)
                .is_some_and(|digest| digest.same_as(&given.digest())),
            (false, ..) => false,
        }
    }

    /// Whether a person or client, and its tenant, are in service; one that memory does not know yet
    /// is not.
    pub(crate) fn is_in_service(&self, id: PrincipalId) -> bool {
        self.verifier.principal(id).is_some_and(|p| p.is_live())
    }
}

/// Whether a client may have to do with the persons and tokens of `scope`.
pub(super) fn reaches(client: &Client, scope: Scope) -> bool {
    match (client.scope, client.contact_centers.as_slice()) {
        (Scope::Cluster, []) => true,
        (Scope::Cluster, confined) => {
            scope.tenant().is_some_and(|tenant| confined.contains(&tenant))
        }
        (own, _) => own == scope,
    }
}

/// A client as the audit log names it.
pub(super) fn actor(client: &Client) -> Actor {
    Actor {
        kind: ActorKind::Principal(PrincipalId::Client(client.id)),
        name: client.client_id.clone(),
        scope: client.scope,
    }
}
