//! What a client asks for, in the order of the checks:
//!
//! 1. The client is known here and in service, and the address is one that it registered: whoever fails
//!    here is shown a page and is sent nowhere (RFC 6749 section 4.1.2.1).
//! 2. From here on whatever is wrong goes back to the client, with its `state`.
//! 3. Request objects are not taken (OpenID Connect Core section 6).
//! 4. `response_type` is `code`, and the client may use that grant.
//! 5. The scope is one that the client may have.
//! 6. A challenge by S256, from every client that was not made to do without (RFC 9700 section 2.1.1).
//! 7. What the sign-in is to look like.

use super::{
    pkce,
    redirect::is_redirect_to,
    request::{Authorization, BadRequest, Parameters, Prompt, Refusal, ResponseMode},
};
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
                self.hinted(realm, hint.expose())
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
    challenge: Option<String>,
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
    if realm.is_none() && client.consent_required {
        return Err(("unauthorized_client", "Persons agree to this client in its realm alone"));
    }
    let scope = granted_scope(client, realm.is_some(), asked.scope.as_deref())
        .map_err(|_| ("invalid_scope", "A scope that the client may not have"))?;
    Ok(Checked {
        scope,
        challenge: challenge(asked, client.pkce_optional)?,
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

fn challenge(asked: &Parameters, optional: bool) -> Result<Option<String>, Wrong> {
    let wrong = |description| Err(("invalid_request", description));
    match (asked.code_challenge.as_deref(), asked.code_challenge_method.as_deref()) {
        (None, None) if optional => Ok(None),
        (None, _) => wrong("Missing parameter: code_challenge"),
        (Some(_), None) => wrong("Missing parameter: code_challenge_method"),
        (Some(_), Some(method)) if method != pkce::S256 => {
            wrong("Invalid parameter: code_challenge_method must be S256")
        }
        (Some(challenge), Some(_)) if pkce::is_challenge(challenge) => {
            Ok(Some(challenge.to_owned()))
        }
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

#[cfg(test)]
mod tests;
