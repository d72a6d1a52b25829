//! A code for a person who is signed in and agreed.

use super::{Authorization, CODE_S};
use crate::{Service, entropy::Entropy, error::Error};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{actor::PrincipalId, client::Client, id::Scope, secret::Secret, session::Session};
use store::authorization_codes::Code;
use zeroize::Zeroizing;

impl Service {
    /// Whether this session may answer the request without its person proving themselves again.
    #[must_use]
    pub fn is_signed_in(&self, asked: &Authorization, session: &Session) -> bool {
        let age_ms = self.now().wall.millis_since(session.authenticated_at);
        let young = asked.max_age_s.is_none_or(|most| age_ms <= i64::from(most) * 1_000);
        young && !asked.prompt.login && asked.hinted.is_none_or(|person| person == session.person)
    }

    /// 256 random bits as a text.
    #[must_use]
    pub fn random_text(&self) -> Secret {
        random_text(&self.entropy)
    }

    /// The user name of whoever is signed in.
    #[must_use]
    pub fn person_name(&self, session: &Session) -> String {
        let person = self.verifier.principal(PrincipalId::Person(session.person));
        person.map_or_else(String::new, |person| person.name().to_string())
    }

    /// Issues a code. `None`: the session, its person or the client has ended meanwhile, or the person
    /// is none of this client's.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn issue_code(
        &self,
        asked: &Authorization,
        session: &Session,
    ) -> Result<Option<Secret>, Error> {
        let owner = PrincipalId::Person(session.person);
        let Some(scope) = self.verifier.principal(owner).map(|p| p.scope) else { return Ok(None) };
        if !takes(asked, scope) {
            return Ok(None);
        }
        let text = random_text(&self.entropy);
        let at = self.now().wall;
        let code = Code {
            digest: text.digest(),
            client: asked.client.id,
            realm: asked.realm.as_ref().map(|realm| realm.tenant),
            person: session.person,
            proven: 0,
            session: session.id,
            redirect_uri: asked.redirect_uri.clone(),
            scope: asked.scope.clone(),
            challenge: asked.challenge.clone(),
            nonce: asked.nonce.clone(),
            authenticated_at: session.authenticated_at,
            issued_at: at,
            expires_at: at.plus_seconds(CODE_S),
        };
        let client: Client = asked.client.clone();
        let stored = self.store.record(move |b| {
            if !store::clients::is_unchanged(b, &client)?
                || !store::sessions::is_open(b, code.session)?
            {
                return Ok(false);
            }
            let Some(proven) = store::persons::version_for_sign_in(b, code.person)? else {
                return Ok(false);
            };
            store::authorization_codes::insert(b, &Code { proven, ..code.clone() })?;
            Ok::<_, store::Error>(true)
        });
        Ok(stored.await?.then_some(text))
    }
}

/// Whether persons of `scope` sign in to this client here.
pub(super) fn takes(asked: &Authorization, scope: Scope) -> bool {
    match &asked.realm {
        Some(realm) => scope == Scope::Tenant(realm.tenant),
        None => crate::oauth2::reaches(&asked.client, scope),
    }
}

/// 256 random bits in Base64url.
pub(crate) fn random_text(entropy: &Entropy) -> Secret {
    let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(entropy.bytes());
    Secret::new(BASE64_URL_SAFE_NO_PAD.encode(bytes.as_slice()))
}
