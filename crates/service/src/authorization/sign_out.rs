//! A client sends a browser to sign out (OpenID Connect RP-Initiated Logout), or ends what a refresh token
//! stands for.
//!
//! 1. The hint is an ID token that this realm signed, expired or not. It says which client and which
//!    session.
//! 2. `client_id` says which client where there is no hint; beside one it says the same.
//! 3. The address is one that this client registered, compared exactly; without a client there is none.

use crate::{
    Service,
    caller::Context,
    error::Error,
    oauth2::{ClientProof, ClientRefusal, Realm, TokenRefusal, family_subject},
};
use domain::{
    actor::{Actor, ActorKind, PrincipalId},
    audit::{AuditEvent, Fact},
    client::Client,
    id::{PersonId, Scope, SessionId},
    secret::Secret,
};
use serde_json::{Map, Value};
use store::{Tx, tokens::State};

/// What a client asks for.
#[derive(Debug, Default)]
pub struct SignOut {
    /// An ID token of whoever is to be signed out.
    pub id_token_hint: Option<Secret>,
    /// The client.
    pub client_id: Option<String>,
    /// Where the browser is sent afterwards.
    pub redirect_uri: Option<String>,
}

/// The same, checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedOut {
    /// Who is to be signed out, where that was proved.
    pub person: Option<PersonId>,
    /// Of which session.
    pub session: Option<SessionId>,
    /// Where the browser is sent afterwards.
    pub redirect_uri: Option<String>,
}

/// The claims of a hint.
struct Hint {
    client_id: String,
    person: PersonId,
    session: Option<SessionId>,
}

impl Service {
    /// Checks what a client asks for. Nobody is signed out.
    ///
    /// # Errors
    /// [`Error::Invalid`], naming the parameter.
    pub async fn check_sign_out(&self, realm: &Realm, asked: SignOut) -> Result<SignedOut, Error> {
        let hint = match &asked.id_token_hint {
            Some(text) => {
                let claims = self.verify_own(realm.tenant, text.expose()).await?;
                let hint = claims.and_then(|claims| Hint::of(&claims));
                let why = "no ID token of this realm";
                Some(hint.ok_or_else(|| Error::invalid("id_token_hint", why))?)
            }
            None => None,
        };
        let named = asked.client_id.or_else(|| hint.as_ref().map(|hint| hint.client_id.clone()));
        let client = match named {
            Some(named) => Some(self.client_of_realm(realm, named).await?),
            None => None,
        };
        if let (Some(client), Some(hint)) = (&client, &hint)
            && client.client_id != hint.client_id
        {
            return Err(Error::invalid("client_id", "not the client of the ID token"));
        }
        if let Some(wanted) = &asked.redirect_uri
            && !client.is_some_and(|c| c.redirect_uris.iter().any(|known| known == wanted))
        {
            let why = "not registered for the client";
            return Err(Error::invalid("post_logout_redirect_uri", why));
        }
        Ok(SignedOut {
            person: hint.as_ref().map(|hint| hint.person),
            session: hint.and_then(|hint| hint.session),
            redirect_uri: asked.redirect_uri,
        })
    }

    async fn client_of_realm(&self, realm: &Realm, client_id: String) -> Result<Client, Error> {
        let found =
            self.store.read(move |r| store::clients::find_by_client_id(r, &client_id)).await?;
        found
            .map(|(client, _)| client)
            .filter(|client| client.scope == Scope::Tenant(realm.tenant))
            .ok_or_else(|| Error::invalid("client_id", "not known here"))
    }

    /// Ends the session that a checked hint speaks of, if it is its person's and has not ended.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn end_hinted_session(
        &self,
        signed_out: &SignedOut,
        context: &Context,
    ) -> Result<(), Error> {
        let (Some(person), Some(session)) = (signed_out.person, signed_out.session) else {
            return Ok(());
        };
        let found = self.store.read(move |r| store::sessions::find_of(r, person, session)).await?;
        match found {
            Some(session) => self.end_session_of(person, session.id, context).await,
            None => Ok(()),
        }
    }

    /// Ends whatever a refresh token of the client came of: the browser's session with all of its tokens,
    /// or, where no browser was there, its family.
    ///
    /// # Errors
    /// The client proved nothing, or the token is none of its own.
    pub async fn sign_out_by_refresh(
        &self,
        realm: &Realm,
        proof: Option<&ClientProof>,
        presented: &Secret,
        context: &Context,
    ) -> Result<(), TokenRefusal> {
        let client = self
            .prove_realm_client(realm, proof, context)
            .await
            .map_err(ClientRefusal::into_token_refusal)?;
        let digest = presented.digest();
        let found = self
            .store
            .read(move |r| {
                let Some((token, state)) = store::tokens::find_refresh(r, &digest)? else {
                    return Ok(None);
                };
                let sign_in = store::tokens::find_sign_in(r, token.family)?;
                Ok::<_, store::Error>(Some((token, state, sign_in.and_then(|s| s.session))))
            })
            .await?;
        let Some((token, state, session)) = found else { return Err(TokenRefusal::UnknownRefresh) };
        if token.client != client.id || state == State::Revoked {
            return Err(TokenRefusal::UnknownRefresh);
        }
        if let (PrincipalId::Person(person), Some(session)) = (token.principal, session) {
            self.end_session_of(person, session, context).await?;
        }
        let at = self.now().wall;
        let who = Actor {
            kind: ActorKind::Principal(PrincipalId::Client(client.id)),
            name: client.client_id,
            scope: client.scope,
        };
        let subject = family_subject(token.family);
        let event =
            AuditEvent::new("token.revoke_family", client.scope, context.origin(who, at), subject)
                .detail(vec![
                    ("reason", Fact::Text("signed out by its client".to_owned())),
                    ("principal", Fact::Text(token.principal.to_string())),
                ]);
        let write = move |tx: &mut Tx| {
            store::tokens::revoke_family(tx, token.family, at)?;
            Ok::<_, Error>(tx.commit(event.clone(), ())?)
        };
        Ok(self.store.write_urgent(write).await?)
    }
}

impl Hint {
    /// Reads the claims of an ID token: of a client, and no other token of ours.
    fn of(claims: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        if !matches!(text("typ"), None | Some("ID")) {
            return None;
        }
        Some(Self {
            client_id: text("aud")?.to_owned(),
            person: PersonId::parse(text("sub")?).ok()?,
            session: text("sid").and_then(|sid| SessionId::parse(sid).ok()),
        })
    }
}
