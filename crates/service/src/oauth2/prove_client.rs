//! Client authentication (RFC 6749 section 2.3).

use super::{ClientProof, ClientRefusal, Realm};
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
        self.check_source(context, self.now())?;
        if let Some((client, secret)) = self.client_named(&proof.client_id).await?
            && self.is_proved(&client, secret.as_ref(), proof)
            && self.is_in_service(PrincipalId::Client(client.id))
        {
            return Ok(client);
        }
        Err(self.refuse_client(context, ClientRefusal::BadClient))
    }

    /// The client of a realm behind a proof. A client of the cluster is none of a realm's, and neither
    /// is one of another tenant. An unknown client and a wrong secret are told apart, because this wire
    /// does: both count for the source alike.
    ///
    /// # Errors
    /// The client proved nothing, or the store is unavailable.
    pub async fn prove_realm_client(
        &self,
        realm: &Realm,
        proof: Option<&ClientProof>,
        context: &Context,
    ) -> Result<Client, ClientRefusal> {
        let proof = proof.ok_or(ClientRefusal::NoClient)?;
        self.check_source(context, self.now())?;
        let found = self.client_named(&proof.client_id).await?.filter(|(client, _)| {
            client.scope == Scope::Tenant(realm.tenant)
                && self.is_in_service(PrincipalId::Client(client.id))
        });
        let Some((client, secret)) = found else {
            return Err(self.refuse_client(context, ClientRefusal::UnknownClient));
        };
        if self.is_proved(&client, secret.as_ref(), proof) {
            return Ok(client);
        }
        Err(self.refuse_client(context, ClientRefusal::BadClient))
    }

    async fn client_named(
        &self,
        client_id: &str,
    ) -> Result<Option<(Client, Option<ClientSecret>)>, store::Error> {
        if !is_client_id(client_id) {
            return Ok(None);
        }
        let wanted = client_id.to_owned();
        self.store.read(move |r| store::clients::find_by_client_id(r, &wanted)).await
    }

    /// Counts a client's credentials that proved nothing.
    fn refuse_client(&self, context: &Context, why: ClientRefusal) -> ClientRefusal {
        let _ = self.refuse_credential(context, self.now());
        tracing::info!(request_id = context.request_id, "a client's credentials were refused");
        why
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
pub(crate) fn reaches(client: &Client, scope: Scope) -> bool {
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
