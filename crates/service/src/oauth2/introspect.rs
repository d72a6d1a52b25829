//! Introspection (RFC 7662).

use super::{ClientProof, ClientRefusal, prove_client::reaches};
use crate::{Service, caller::Context, error::Error};
use domain::{
    actor::PrincipalId,
    client::Client,
    id::ClientId,
    secret::Secret,
    time::Timestamp,
    token::{Token, TokenKind},
};
use store::tokens::State;

/// What there is to say of a token that lives.
#[derive(Debug)]
pub struct Introspection {
    /// Access or refresh.
    pub kind: TokenKind,
    /// Its scopes, joined by a space.
    pub scope: String,
    /// The client it was issued to.
    pub client_id: String,
    /// For whom it speaks.
    pub subject: PrincipalId,
    /// The user name, unless it speaks for a client.
    pub username: Option<String>,
    /// The name within a realm: of a person the user name alone, of a client its service account's.
    pub account_name: String,
    /// The roles that its subject holds now.
    pub roles: Vec<String>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Who issued it, and for whom: this installation's address.
    pub issuer: String,
}

impl Service {
    /// Looks at a token on behalf of a client that proved itself by a secret. `None` for a token
    /// that is unknown, dead, of a tenant that the client does not reach, or a refresh token of
    /// another client: nothing tells these apart (IN-02).
    ///
    /// # Errors
    /// The client proved nothing, or the store is unavailable.
    pub async fn introspect(
        &self,
        client: Option<&ClientProof>,
        token: &Secret,
        context: &Context,
    ) -> Result<Option<Introspection>, ClientRefusal> {
        let client = self.prove_confidential(client, context).await?;
        Ok(self.introspect_for(&client, token).await?)
    }

    /// The same for a client that has proved itself by a secret.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn introspect_for(
        &self,
        client: &Client,
        token: &Secret,
    ) -> Result<Option<Introspection>, Error> {
        Ok(self.look_at(client, token).await?.filter(|(_, live)| *live).map(|(seen, _)| seen))
    }

    /// What a client may see of a token, and whether it lives. `None` also for a revoked one: a
    /// revoked token and one that never was are the same to everybody.
    pub(super) async fn look_at(
        &self,
        client: &Client,
        token: &Secret,
    ) -> Result<Option<(Introspection, bool)>, Error> {
        let digest = token.digest();
        let found = self.store.read(move |r| store::tokens::find_any(r, &digest)).await?;
        let Some((held, State::Live)) = found else { return Ok(None) };
        if held.kind == TokenKind::Refresh && held.client != client.id {
            return Ok(None);
        }
        let issued_to = self.is_in_service(PrincipalId::Client(held.client));
        if !issued_to || !self.is_in_service(held.principal) {
            return Ok(None);
        }
        let live = self.now().wall < held.expires_at;
        let seen = self.described(held, client).await?;
        Ok(seen.map(|seen| (seen, live)))
    }

    async fn described(
        &self,
        held: Token,
        client: &Client,
    ) -> Result<Option<Introspection>, Error> {
        let Some(subject) = self.verifier.principal(held.principal) else { return Ok(None) };
        if !reaches(client, subject.scope) {
            return Ok(None);
        }
        let Some(client_id) = self.client_name(held.client).await? else { return Ok(None) };
        let username = match held.principal {
            PrincipalId::Person(_) => {
                Some(crate::persons::qualified(subject.scope, &subject.name()))
            }
            PrincipalId::Client(_) => None,
        };
        Ok(Some(Introspection {
            kind: held.kind,
            scope: held.scope,
            client_id,
            subject: held.principal,
            username,
            account_name: match held.principal {
                PrincipalId::Person(_) => subject.name().to_string(),
                PrincipalId::Client(_) => super::realm::service_account(&subject.name()),
            },
            roles: subject.roles().to_vec(),
            issued_at: held.issued_at,
            expires_at: held.expires_at,
            issuer: self.settings.public_url.clone(),
        }))
    }

    /// The `client_id` of a client's row; memory knows every client by it.
    pub(crate) async fn client_name(&self, id: ClientId) -> Result<Option<String>, Error> {
        if let Some(known) = self.verifier.principal(PrincipalId::Client(id)) {
            return Ok(Some(known.name().to_string()));
        }
        let found = self.store.read(move |r| store::clients::find_by_id(r, id)).await?;
        Ok(found.map(|client| client.client_id))
    }
}
