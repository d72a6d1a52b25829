//! Signing a browser in through an issuer (OpenID Connect Core section 3.1, with PKCE and RFC 9207).
//!
//! 1. [`Service::begin_outside_sign_in`] sends the browser to the issuer, and leaves a cookie in it: a
//!    state, what was being done (the ticket), and a MAC over both, the issuer and the end of all this.
//! 2. The issuer sends it back with the state and a code.
//! 3. [`Service::finish_outside_sign_in`] holds the state against the cookie, the issuer against the one
//!    that was asked, exchanges the code, proves the ID token, and finds or makes the person.
//!
//! PKCE's verifier and the nonce follow from the state under a key of ours: nobody who knows the state
//! can make them, and nothing has to be kept between 1 and 3.

mod exchange;
mod roles;
mod state;

use super::{jwt::Jwt, known::Entry, percent, provider::Known, verify};
use crate::{Service, caller::Context, error::Error};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    id::{Scope, TenantId},
    issuer::Issuer,
    person::Person,
    secret::Secret,
    time::Timestamp,
};
use exchange::Tokens;
use sha2::{Digest, Sha256};
use state::{Bound, Cookie, Derived};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// Seconds that a sign-in at the issuer may take.
pub const SIGN_IN_S: u32 = 600;

/// A sign-in on its way.
#[derive(Debug)]
pub struct Begun {
    /// Where the browser goes.
    pub location: String,
    /// What it keeps until it comes back.
    pub cookie: Secret,
}

/// What the issuer sent the browser back with.
#[derive(Clone, Debug, Default)]
pub struct ProviderAnswer {
    /// The state.
    pub state: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// Who says so (RFC 9207).
    pub iss: Option<String>,
    /// The error instead of a code.
    pub error: Option<String>,
}

/// Somebody signed in.
#[derive(Debug)]
pub struct Finished {
    /// Who. Whether they may sign in now is still to be asked.
    pub person: Person,
    /// What was being done.
    pub ticket: String,
}

/// Why nobody signed in.
#[derive(Debug)]
pub enum SignInRefused {
    /// There is no such issuer here, or nobody signs in by it.
    NoIssuer,
    /// The browser began no such sign-in, or too long ago.
    NotBegun,
    /// The issuer refused, or the person did.
    Denied,
    /// The issuer does not answer.
    NoAnswer,
    /// What the issuer said does not hold.
    NotBelieved,
    /// The check itself failed.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for SignInRefused {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Service {
    /// The issuers by which persons of a tenant sign in: their names, and what people read.
    #[must_use]
    pub fn sign_in_issuers(&self, tenant: TenantId) -> Vec<(String, String)> {
        let snapshot = self.issuers.current();
        let is = |issuer: &Issuer| {
            issuer.scope == Scope::Tenant(tenant) && issuer.sign_in && issuer.enabled
        };
        let issuers = snapshot.entries.iter().map(|entry| &entry.issuer).filter(|of| is(of));
        issuers.map(|issuer| (issuer.name.clone(), issuer.label.clone())).collect()
    }

    /// Begins a sign-in. The issuer sends the browser back to `redirect_uri`; `ticket` is given back then.
    /// `anew`: whoever is signed in there already is to prove themselves again.
    ///
    /// # Errors
    /// Why it cannot begin.
    pub async fn begin_outside_sign_in(
        &self,
        scope: Scope,
        name: &str,
        redirect_uri: &str,
        ticket: &str,
        anew: bool,
    ) -> Result<Begun, SignInRefused> {
        let (entry, known) = self.provider_of(scope, name).await?;
        let issuer = &entry.issuer;
        let endpoint = known.metadata.authorization_endpoint.as_deref();
        let endpoint = endpoint.ok_or(SignInRefused::NotBelieved)?;
        let ends_at = self.now().wall.plus_seconds(SIGN_IN_S.into()).as_seconds().to_string();
        let state = URL_SAFE_NO_PAD.encode(self.entropy.bytes::<24>());
        let bound = Bound { issuer, state: &state, ends_at: &ends_at, ticket };
        let mac = self.keyring.fingerprints(&bound.parts());
        let mac = mac.first().ok_or(SignInRefused::NotBegun)?;
        let keys = Derived::of(mac);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(keys.verifier.expose()));
        let scopes = issuer.scopes.join(" ");
        let mut query = vec![
            ("response_type", "code"),
            ("client_id", issuer.client_id.as_deref().unwrap_or_default()),
            ("redirect_uri", redirect_uri),
            ("scope", scopes.as_str()),
            ("state", &state),
            ("nonce", &keys.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        query.extend(anew.then_some(("prompt", "login")));
        let query = percent::pairs(&query);
        let joint = if endpoint.contains('?') { '&' } else { '?' };
        let proof = URL_SAFE_NO_PAD.encode(keys.proof);
        Ok(Begun {
            location: format!("{endpoint}{joint}{query}"),
            cookie: Secret::new(format!("{state}.{ends_at}.{proof}.{ticket}")),
        })
    }

    /// Ends a sign-in: who came back from the issuer. What is not believed counts for the source, as any
    /// credential does: each costs a call to the issuer, in our name.
    ///
    /// # Errors
    /// Why nobody did; [`Error::Limited`] for a source that keeps guessing.
    pub async fn finish_outside_sign_in(
        &self,
        place: (Scope, &str),
        redirect_uri: &str,
        cookie: Option<&Secret>,
        answer: &ProviderAnswer,
        context: &Context,
    ) -> Result<Finished, SignInRefused> {
        self.check_source(context, self.now())?;
        let finished = self.come_back(place, redirect_uri, cookie, answer, context).await;
        if let Err(SignInRefused::NotBelieved) = finished {
            let _ = self.refuse_credential(context, self.now());
        }
        finished
    }

    async fn come_back(
        &self,
        (scope, name): (Scope, &str),
        redirect_uri: &str,
        cookie: Option<&Secret>,
        answer: &ProviderAnswer,
        context: &Context,
    ) -> Result<Finished, SignInRefused> {
        let snapshot = self.issuers.current();
        let issuer = &snapshot.named(scope, name).ok_or(SignInRefused::NoIssuer)?.issuer;
        let cookie = cookie.and_then(|cookie| Cookie::read(cookie.expose()));
        let cookie = cookie.ok_or(SignInRefused::NotBegun)?;
        let keys = self.check_cookie(issuer, &cookie, answer)?;
        let (entry, known) = self.provider_of(scope, name).await?;
        let issuer = &entry.issuer;
        // RFC 9207 section 2.4: before the code goes anywhere.
        match &answer.iss {
            Some(iss) if *iss != issuer.issuer => return Err(SignInRefused::NotBelieved),
            None if known.metadata.names_itself => return Err(SignInRefused::NotBelieved),
            _ => {}
        }
        let (None, Some(code)) = (&answer.error, &answer.code) else {
            return Err(SignInRefused::Denied);
        };
        let tokens =
            self.exchange_for_tokens(&entry, &known.metadata, redirect_uri, code, &keys).await?;
        let said = self.id_token(&entry, known, &tokens, &keys).await?;
        let person = self.outside_person(issuer, said, context).await?;
        Ok(Finished { person, ticket: cookie.ticket.to_owned() })
    }

    async fn provider_of(
        &self,
        scope: Scope,
        name: &str,
    ) -> Result<(Entry, Arc<Known>), SignInRefused> {
        let entry = self.issuers.current().named(scope, name).cloned();
        let entry = entry.filter(|entry| entry.issuer.sign_in).ok_or(SignInRefused::NoIssuer)?;
        let known = entry.provider.known(self, &entry.issuer, None).await;
        Ok((entry, known.map_err(|_| SignInRefused::NoAnswer)?))
    }

    fn check_cookie(
        &self,
        issuer: &Issuer,
        cookie: &Cookie<'_>,
        answer: &ProviderAnswer,
    ) -> Result<Derived, SignInRefused> {
        let state = answer.state.as_deref().unwrap_or_default();
        let is_same: bool = state.as_bytes().ct_eq(cookie.state.as_bytes()).into();
        let ends_at = cookie.ends_at.parse().map_err(|_| SignInRefused::NotBegun)?;
        if !is_same || self.now().wall.as_seconds() >= ends_at {
            return Err(SignInRefused::NotBegun);
        }
        let Cookie { state, ends_at, ticket, .. } = cookie;
        let bound = Bound { issuer, state, ends_at, ticket };
        let macs = self.keyring.fingerprints(&bound.parts());
        let derived = macs.iter().map(Derived::of);
        let mut right = derived.filter(|keys| keys.proof.ct_eq(&cookie.proof).into());
        right.next().ok_or(SignInRefused::NotBegun)
    }

    /// Proves the ID token; with a key that is not known yet, once the issuer was asked for it. Roles that
    /// it leaves out are the access token's.
    async fn id_token(
        &self,
        entry: &Entry,
        mut known: Arc<Known>,
        tokens: &Tokens,
        keys: &Derived,
    ) -> Result<verify::Said, SignInRefused> {
        let issuer = &entry.issuer;
        let refused = |why: verify::Refused| {
            tracing::warn!(issuer = %issuer.id, why, "an ID token is not believed");
            SignInRefused::NotBelieved
        };
        let jwt = Jwt::read(tokens.id_token.expose()).ok_or_else(|| refused("it is no JWT"))?;
        let kid = verify::kid(&jwt).map_err(refused)?;
        if kid.is_some_and(|kid| !known.keys.has(kid)) {
            let asked = entry.provider.known(self, issuer, kid).await;
            known = asked.map_err(|_| SignInRefused::NoAnswer)?;
        }
        let now: Timestamp = self.now().wall;
        let access_token = tokens.access_token.as_ref().map(Secret::expose);
        let said = verify::check_signature(&jwt, issuer, &known.keys)
            .and_then(|algorithm| {
                let bound = (keys.nonce.as_str(), access_token);
                verify::check_id_token(&jwt, issuer, algorithm, bound, now)
            })
            .map_err(refused)?;
        if verify::lacks_roles(&jwt, issuer) {
            return Ok(self.with_roles_beside(entry, known, tokens, said).await);
        }
        Ok(said)
    }
}
