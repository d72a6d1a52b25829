//! `POST /realms/{realm}/protocol/openid-connect/token`

use super::{
    client::{Presented, presented},
    cors,
    form::RealmForm,
    in_realm::InRealm,
    refusal,
};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Named, Operation, operation},
    extract::{Context, Query},
    failure::Failure,
    oauth::{self, OAuthError},
};
use axum::extract::State;
use domain::secret::Secret;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::Error;
use service::oauth2::{Issued, Realm, TokenRequest};
use utoipa::ToSchema;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
/// RFC 9745: since January 2025, when RFC 9700 section 2.4 forbade the password grant.
const SINCE_RFC_9700: HeaderValue = HeaderValue::from_static("@1735689600");

/// The order of the members is the recorded one.
#[derive(Serialize, ToSchema)]
#[schema(as = RealmTokens)]
struct Answer<'a> {
    /// A JWT that the realm signed.
    access_token: &'a str,
    /// Seconds that the access token lives.
    #[schema(minimum = 0)]
    expires_in: i64,
    /// Seconds that the refresh token lives; 0 where there is none.
    #[schema(minimum = 0)]
    refresh_expires_in: i64,
    /// Absent for `client_credentials`, and for a client that may not refresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<&'a str>,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Where `openid` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    id_token: Option<&'a str>,
    /// Always 0.
    #[serde(rename = "not-before-policy")]
    not_before_policy: u8,
    /// The session, where a browser signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uuid")]
    session_state: Option<String>,
    /// What was given: what was asked for and what the client has unasked, in the order of the alphabet.
    scope: &'a str,
}

pub(super) fn doc() -> Operation {
    cors::of_realm(operation("Get a token of a realm"))
        .about(
            "Gives tokens for a grant: `client_credentials`, `authorization_code`, `refresh_token`, and \
             `password` where the client is registered for it, although RFC 9700 forbids it: then the \
             answer carries `Deprecation`. The client authenticates by Basic, or by `client_id` and \
             `client_secret` in the form, which win; a public client by `client_id` alone.\n\n\
             Only clients of the realm's own tenant are known. A person is named by the user name alone. \
             A refresh token is exchanged once: its second use ends all that came of the same sign-in. \
             Parameters stand in the form; an unknown one is ignored.\n\n\
             Access tokens are JWTs, and can be revoked all the same: here and behind the gateway they \
             hold only as long as they are not revoked and their owner is in service.",
        )
        .takes_form(
            form(),
            json!({
                "grant_type": "client_credentials",
                "scope": "profile",
                "client_id": "default-service",
                "client_secret": "kT3f0q7uVb1s9xYw",
            }),
        )
        .answers::<Answer<'_>>(
            200,
            "The tokens. Nobody may keep the answer.",
            json!({
                "access_token": "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJ…",
                "expires_in": 600,
                "refresh_expires_in": 0,
                "token_type": "Bearer",
                "not-before-policy": 0,
                "scope": "email openid profile",
            }),
        )
        .with_header("Cache-Control", "Always `no-store`.", "no-store")
        .with_header("Deprecation", "Of the grant `password` alone (RFC 9745).", "@1735689600")
        .refuses(refusal::examples())
        .fails([Error::Limited { retry_after_s: 30 }, Error::Unavailable { retry_after_s: 1 }])
}

/// The form. What is missing or twice in it is refused in this wire's words, so nothing is required.
fn form() -> Named {
    let text = oauth::form_text;
    oauth::form(
        "RealmTokenRequest",
        &[],
        &json!({
            "grant_type": text("`client_credentials`, `authorization_code`, `refresh_token` or `password`."),
            "scope": text("Scopes besides those that the client has anyhow, joined by spaces."),
            "code": text("Of `authorization_code`: the code."),
            "redirect_uri": text("Of `authorization_code`: where the code was sent to."),
            "code_verifier": text("Of `authorization_code`: what its challenge was made from (RFC 7636)."),
            "refresh_token": text("Of `refresh_token`: the token to exchange."),
            "username": text("Of `password`: the person's name in the realm."),
            "password": text("Of `password`: the person's password."),
            "client_id": text("The client; it wins over Basic."),
            "client_secret": text("Its secret; it wins over Basic."),
        }),
    )
}

pub(super) async fn issue_realm_token(
    State(app): State<App>,
    InRealm(realm): InRealm,
    Context(context): Context,
    asked: HeaderMap,
    Query(query): Query,
    form: RealmForm,
) -> Result<Response<Body>, Failure> {
    oauth::check_query(&query)?;
    let (request, came) = request(&realm, &asked, form);
    let by_password = matches!(request.grant_type.as_deref(), Some("password"));
    let mut response = match came.refused_at_once(&request, &realm) {
        Some(refusal) => refusal.response(),
        None => match app.service().issue_token(request, context).await {
            Ok(issued) => answered(&issued),
            Err(why) => {
                let refusal = refusal::refused(why, &came.scope)?;
                came.challenged(refusal, &realm).response()
            }
        },
    };
    if by_password {
        response.headers_mut().insert(DEPRECATION, SINCE_RFC_9700);
    }
    cors::readable(&app, &realm, &asked, response).await
}

/// How a request came, as far as its refusal says something of it.
struct Came {
    by_header: bool,
    unreadable: bool,
    /// The text of `scope`.
    scope: String,
}

impl Came {
    /// A header that cannot be read is found where the client is looked for: after the grant's name.
    fn refused_at_once(&self, request: &TokenRequest, realm: &Realm) -> Option<OAuthError> {
        let grant = request.grant_type.as_deref();
        let known = grant.is_some_and(|text| domain::client::Grant::parse(text).is_some());
        let challenge = refusal::basic(&realm.name);
        (self.unreadable && known).then(|| refusal::unreadable().challenging(challenge))
    }

    fn challenged(&self, refusal: OAuthError, realm: &Realm) -> OAuthError {
        refusal::challenged(refusal, self.by_header, realm)
    }
}

fn request(realm: &Realm, asked: &HeaderMap, form: RealmForm) -> (TokenRequest, Came) {
    let RealmForm { parameters: mut form, repeated } = form;
    let Presented { proof, by_header, unreadable } = presented(asked, &mut form);
    // An empty scope is not an absent one here: this wire refuses it.
    let scope = match form.has("scope") {
        true => Some(form.take_text("scope").unwrap_or_default()),
        false => None,
    };
    let came = Came { by_header, unreadable, scope: scope.clone().unwrap_or_default() };
    let request = TokenRequest {
        realm: Some(realm.clone()),
        repeated,
        form_client_id: None,
        client: proof,
        grant_type: form.take_text("grant_type"),
        username: form.take_text("username"),
        password: form.take("password"),
        refresh_token: form.take("refresh_token"),
        code: form.take("code"),
        redirect_uri: form.take_text("redirect_uri"),
        code_verifier: form.take("code_verifier"),
        scope,
    };
    (request, came)
}

fn answered(issued: &Issued) -> Response<Body> {
    let answer = Answer {
        access_token: issued.access.expose(),
        expires_in: issued.expires_in_s,
        refresh_expires_in: issued.refresh_expires_in_s,
        refresh_token: issued.refresh.as_ref().map(Secret::expose),
        token_type: "Bearer",
        id_token: issued.id_token.as_ref().map(Secret::expose),
        not_before_policy: 0,
        session_state: issued.session.map(|id| id.to_string()),
        scope: &issued.scope,
    };
    let mut response = answer::json(StatusCode::OK, &answer);
    oauth::never_kept(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_members_stand_in_the_recorded_order() {
        let answer = |refresh_token, id_token, session: Option<&str>| Answer {
            access_token: "a",
            expires_in: 60,
            refresh_expires_in: 0,
            refresh_token,
            token_type: "Bearer",
            id_token,
            not_before_policy: 0,
            session_state: session.map(str::to_owned),
            scope: "email profile",
        };
        assert_eq!(
            serde_json::to_string(&answer(None, None, None)).unwrap(),
            r#"{"access_token":"a","expires_in":60,"refresh_expires_in":0,"token_type":"Bearer","not-before-policy":0,"scope":"email profile"}"#
        );
        assert_eq!(
            serde_json::to_string(&answer(Some("r"), Some("i"), Some("s"))).unwrap(),
            r#"{"access_token":"a","expires_in":60,"refresh_expires_in":0,"refresh_token":"r","token_type":"Bearer","id_token":"i","not-before-policy":0,"session_state":"s","scope":"email profile"}"#
        );
    }
}
