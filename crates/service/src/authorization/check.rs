//! What a client asks for, in the order of the checks:
//!
//! 1. The client is known here and in service, and the address is one that it registered: whoever fails
//!    here is shown a page and is sent nowhere (RFC 6749 section 4.1.2.1).
//! 2. From here on whatever is wrong goes back to the client, with its `state`.
//! 3. Request objects are not taken (OpenID Connect Core section 6).
//! 4. `response_type` is `code`, and the client may use that grant.
//! 5. The scope is one that the client may have.
//! 6. A challenge by S256, from every client (RFC 9700 section 2.1.1).
//! 7. What the sign-in is to look like.

use super::pkce;
use crate::{
    Service,
    error::Error,
    oauth2::{Realm, granted_scope},
};
use domain::{
    actor::PrincipalId,
    client::{Client, Grant},
    id::{PersonId, Scope},
};

/// The parameters as they came; an empty one is an absent one.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// `client_id`
    pub client_id: Option<String>,
    /// `redirect_uri`
    pub redirect_uri: Option<String>,
    /// `response_type`
    pub response_type: Option<String>,
    /// `response_mode`
    pub response_mode: Option<String>,
    /// `scope`
    pub scope: Option<String>,
    /// `state`
    pub state: Option<String>,
    /// `nonce`
    pub nonce: Option<String>,
    /// `prompt`
    pub prompt: Option<String>,
    /// `max_age`
    pub max_age: Option<String>,
    /// `login_hint`
    pub login_hint: Option<String>,
    /// `id_token_hint`
    pub id_token_hint: Option<String>,
    /// `code_challenge`
    pub code_challenge: Option<String>,
    /// `code_challenge_method`
    pub code_challenge_method: Option<String>,
    /// `request`
    pub request: Option<String>,
    /// `request_uri`
    pub request_uri: Option<String>,
}

/// A request that was checked.
#[derive(Clone, Debug)]
pub struct Authorization {
    /// The realm that is asked; `None`: `/auth/v3`.
    pub realm: Option<Realm>,
    /// Who asks.
    pub client: Client,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// How.
    pub mode: ResponseMode,
    /// What is granted, joined by spaces.
    pub scope: String,
    /// Given back as it came.
    pub state: Option<String>,
    /// What the ID token repeats.
    pub nonce: Option<String>,
    /// Whether the person is to be asked.
    pub prompt: Prompt,
    /// The most seconds that may have passed since they proved who they are.
    pub max_age_s: Option<u32>,
    /// What they may want to call themselves.
    pub login_hint: Option<String>,
    /// Whom the client believes to be there.
    pub hinted: Option<PersonId>,
    /// The challenge of RFC 7636.
    pub challenge: String,
}

/// Whether the person is to be asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Prompt {
    /// Nothing may be shown.
    pub none: bool,
    /// They prove who they are, signed in or not.
    pub login: bool,
    /// They are asked whether they agree, even if they did.
    pub consent: bool,
}

/// How the answer goes back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ResponseMode {
    /// In the query of the address.
    #[default]
    Query,
    /// In a form that the browser posts.
    FormPost,
}

/// Why nobody is asked to sign in and nobody is sent anywhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadRequest {
    /// There is no such client here, or it is out of service.
    Client,
    /// There is no address.
    NoRedirect,
    /// The client did not register this address.
    Redirect,
}

/// Why there is no code.
#[derive(Debug)]
pub enum Refusal {
    /// A page says so.
    Page(BadRequest),
    /// The client is told.
    Client {
        /// Where.
        redirect_uri: String,
        /// How.
        mode: ResponseMode,
        /// Its `state`.
        state: Option<String>,
        /// The registered word.
        error: &'static str,
        /// A sentence for whoever wrote the client.
        description: &'static str,
    },
    /// The check itself failed.
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// A registered word and a sentence.
type Wrong = (&'static str, &'static str);

impl Service {
    /// Checks a request for a code. `realm`: the realm that is asked; `None`: `/auth/v3`.
    ///
    /// # Errors
    /// The first check that fails.
    pub async fn check_authorization(
        &self,
        realm: Option<Realm>,
        asked: Parameters,
    ) -> Result<Authorization, Refusal> {
        let client = self.asking_client(realm.as_ref(), asked.client_id.as_deref()).await?;
        let redirect_uri =
            asked.redirect_uri.clone().ok_or(Refusal::Page(BadRequest::NoRedirect))?;
        if !client.redirect_uris.iter().any(|registered| is_redirect_to(registered, &redirect_uri))
        {
            return Err(Refusal::Page(BadRequest::Redirect));
        }
        let (mode, state) = (response_mode(&asked), asked.state.clone());
        let told = |(error, description): Wrong| Refusal::Client {
            redirect_uri: redirect_uri.clone(),
            mode: mode.unwrap_or_default(),
            state: state.clone(),
            error,
            description,
        };
        let checked = match mode {
            Some(_) => check(&asked, &client, realm.as_ref()),
            None => Err(("invalid_request", "Invalid parameter: response_mode")),
        };
        let Checked { scope, challenge, prompt, max_age_s } = checked.map_err(&told)?;
        let hinted = match (&realm, &asked.id_token_hint) {
            (Some(realm), Some(hint)) => Some(
                self.hinted(realm, hint)
                    .await?
                    .ok_or_else(|| told(("invalid_request", "Invalid parameter: id_token_hint")))?,
            ),
            _ => None,
        };
        Ok(Authorization {
            realm,
            client,
            redirect_uri: redirect_uri.clone(),
            mode: mode.unwrap_or_default(),
            scope,
            state: asked.state,
            nonce: asked.nonce,
            prompt,
            max_age_s,
            login_hint: asked.login_hint,
            hinted,
            challenge,
        })
    }

    async fn asking_client(
        &self,
        realm: Option<&Realm>,
        client_id: Option<&str>,
    ) -> Result<Client, Refusal> {
        let unknown = || Refusal::Page(BadRequest::Client);
        let wanted = client_id.filter(|id| domain::client::is_client_id(id)).ok_or_else(unknown)?;
        let wanted = wanted.to_owned();
        let found = self.store.read(move |r| store::clients::find_by_client_id(r, &wanted)).await?;
        let (client, _) = found.ok_or_else(unknown)?;
        let here = realm.is_none_or(|realm| client.scope == Scope::Tenant(realm.tenant));
        if here && self.is_in_service(PrincipalId::Client(client.id)) {
            Ok(client)
        } else {
            Err(unknown())
        }
    }

    /// Whom an ID token of the realm speaks of, expired or not.
    async fn hinted(&self, realm: &Realm, hint: &str) -> Result<Option<PersonId>, Error> {
        let claims = self.verify_own(realm.tenant, hint).await?;
        let subject = claims.as_ref().and_then(|claims| claims.get("sub")?.as_str());
        Ok(subject.and_then(|subject| PersonId::parse(subject).ok()))
    }
}

struct Checked {
    scope: String,
    challenge: String,
    prompt: Prompt,
    max_age_s: Option<u32>,
}

fn check(asked: &Parameters, client: &Client, realm: Option<&Realm>) -> Result<Checked, Wrong> {
    if asked.request.is_some() {
        return Err(("request_not_supported", "Request objects are not supported"));
    }
    if asked.request_uri.is_some() {
        return Err(("request_uri_not_supported", "Request objects are not supported"));
    }
    match asked.response_type.as_deref() {
        Some("code") => {}
        None => return Err(("invalid_request", "Missing parameter: response_type")),
        Some(_) => {
            return Err(("unsupported_response_type", "Only response_type code is supported"));
        }
    }
    if !client.may_use(Grant::AuthorizationCode) {
        return Err(("unauthorized_client", "The client may not use authorization codes"));
    }
    let scope = granted_scope(client, realm.is_some(), asked.scope.as_deref())
        .map_err(|_| ("invalid_scope", "A scope that the client may not have"))?;
    Ok(Checked {
        scope,
        challenge: challenge(asked)?,
        prompt: prompt(asked.prompt.as_deref())?,
        max_age_s: max_age(asked.max_age.as_deref())?,
    })
}

fn response_mode(asked: &Parameters) -> Option<ResponseMode> {
    match asked.response_mode.as_deref() {
        None | Some("query") => Some(ResponseMode::Query),
        Some("form_post") => Some(ResponseMode::FormPost),
        Some(_) => None,
    }
}

fn challenge(asked: &Parameters) -> Result<String, Wrong> {
    let wrong = |description| Err(("invalid_request", description));
    match (asked.code_challenge.as_deref(), asked.code_challenge_method.as_deref()) {
        (None, _) => wrong("Missing parameter: code_challenge"),
        (Some(_), None) => wrong("Missing parameter: code_challenge_method"),
        (Some(_), Some(method)) if method != pkce::S256 => {
            wrong("Invalid parameter: code_challenge_method must be S256")
        }
        (Some(challenge), Some(_)) if pkce::is_challenge(challenge) => Ok(challenge.to_owned()),
        (Some(_), Some(_)) => wrong("Invalid parameter: code_challenge"),
    }
}

fn prompt(text: Option<&str>) -> Result<Prompt, Wrong> {
    let mut prompt = Prompt::default();
    for word in text.unwrap_or_default().split_ascii_whitespace() {
        match word {
            "none" => prompt.none = true,
            // Whoever is to choose an account has one to choose: by signing in to it.
            "login" | "select_account" => prompt.login = true,
            "consent" => prompt.consent = true,
            _ => return Err(("invalid_request", "Invalid parameter: prompt")),
        }
    }
    if prompt.none && (prompt.login || prompt.consent) {
        return Err(("invalid_request", "Invalid parameter: prompt none stands alone"));
    }
    Ok(prompt)
}

fn max_age(text: Option<&str>) -> Result<Option<u32>, Wrong> {
    // Whatever is more than can be counted is more than a session lasts.
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    match text {
        None => Ok(None),
        Some(text) if digits(text) => Ok(Some(text.parse().unwrap_or(u32::MAX))),
        Some(_) => Err(("invalid_request", "Invalid parameter: max_age")),
    }
}

/// Whether a request may name this address where that one is registered: the same text, or a loopback
/// address of the same text but for its port, which a native app does not know before it runs (RFC 8252
/// section 7.3, RFC 9700 section 2.1).
pub(super) fn is_redirect_to(registered: &str, wanted: &str) -> bool {
    registered == wanted
        || match (without_loopback_port(registered), without_loopback_port(wanted)) {
            (Some(registered), Some(wanted)) => registered == wanted,
            _ => false,
        }
}

/// The host and what follows the port of a loopback address.
fn without_loopback_port(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    ["127.0.0.1", "[::1]", "localhost"].into_iter().find_map(|host| {
        let port = authority.strip_prefix(host)?;
        let number = || port.strip_prefix(':')?.parse::<u16>().ok();
        let digits = port.bytes().skip(1).all(|b| b.is_ascii_digit());
        (port.is_empty() || (digits && number().is_some())).then_some((host, tail))
    })
}

#[cfg(test)]
mod tests;
