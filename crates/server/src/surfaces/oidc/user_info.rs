//! `GET` and `POST /realms/{realm}/protocol/openid-connect/userinfo` (OpenID Connect Core section 5.3)

use super::{cors, form::RealmForm, in_realm::InRealm};
use crate::{
    answer::{self, Body},
    app::App,
    credentials::{self, Authorization},
    document::{Named, Operation, operation},
    extract::Context,
    failure::Failure,
    oauth::{self, OAuthError},
};
use axum::extract::State;
use domain::secret::Secret;
use http::{HeaderMap, Response, StatusCode, Uri};
use serde_json::{Map, Value, json};
use service::Error;
use service::oauth2::{Realm, RealmUserInfo};

pub(super) fn doc() -> Operation {
    described(operation("Show who a token speaks for"))
        .about(
            "What the scopes `profile` and `email` of the presented access token let be told. The token \
             needs the scope `openid`, and must be of this realm.",
        )
        .header(
            "Authorization",
            "`Bearer` and the access token.",
            json!({"type": "string"}),
            Value::Null,
        )
}

pub(super) fn doc_form() -> Operation {
    described(operation("Show who a token speaks for, asked by a form"))
        .about("The same. The token stands in the header, or in the form as `access_token`.")
        .takes_form(
            oauth::form(
                "RealmUserInfoRequest",
                &[],
                &json!({"access_token": oauth::form_text("The token, where it is not in the header.")}),
            ),
            json!({"access_token": "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJ…"}),
        )
}

fn described(operation: Operation) -> Operation {
    let text = || json!({"type": "string"});
    let schema = Named::new(
        "RealmUserInfo",
        json!({
            "type": "object",
            "required": ["sub"],
            "properties": {
                "sub": {"type": "string", "format": "uuid", "description": "The person's id, or the client's."},
                "email_verified": {"type": "boolean", "description": "Always `false`: nobody proves here where they can be reached."},
                "name": text(),
                "preferred_username": text(),
                "given_name": text(),
                "family_name": text(),
                "email": text(),
            },
            "additionalProperties": false,
        }),
    );
    cors::of_realm(operation)
        .answers_as(
            200,
            "Who it is.",
            "application/json",
            schema,
            json!({
                "sub": "0c0e2f5e-6d0f-4f2b-9f0a-7a3e0c4b1d22",
                "email_verified": false,
                "name": "Vera Nova",
                "preferred_username": "vera",
                "given_name": "Vera",
                "family_name": "Nova",
                "email": "vera@example.org",
            }),
        )
        .with_header("Cache-Control", "Always `no-store`.", "no-store")
        .refuses([absent(), unverified(), without_openid(), two_tokens()])
        .fails([Error::Limited { retry_after_s: 30 }, Error::Unavailable { retry_after_s: 1 }])
}

fn absent() -> OAuthError {
    OAuthError::new(StatusCode::UNAUTHORIZED, "invalid_request", "Token not provided")
}

fn unverified() -> OAuthError {
    OAuthError::new(StatusCode::UNAUTHORIZED, "invalid_token", "Token verification failed")
}

fn without_openid() -> OAuthError {
    OAuthError::new(StatusCode::FORBIDDEN, "insufficient_scope", "Missing openid scope")
}

fn two_tokens() -> OAuthError {
    OAuthError::new(
        StatusCode::BAD_REQUEST,
        "invalid_request",
        "more than one credential was presented",
    )
}

pub(super) async fn realm_user_info(
    State(app): State<App>,
    InRealm(realm): InRealm,
    Context(context): Context,
    uri: Uri,
    asked: HeaderMap,
) -> Result<Response<Body>, Failure> {
    told(&app, &realm, context, &uri, &asked, None).await
}

pub(super) async fn realm_user_info_by_form(
    State(app): State<App>,
    InRealm(realm): InRealm,
    Context(context): Context,
    uri: Uri,
    asked: HeaderMap,
    form: RealmForm,
) -> Result<Response<Body>, Failure> {
    let RealmForm { mut parameters, repeated } = form;
    if repeated {
        let twice = "duplicated parameter";
        let refusal = OAuthError::new(StatusCode::BAD_REQUEST, "invalid_request", twice);
        return cors::readable(&app, &realm, &asked, refusal.response()).await;
    }
    told(&app, &realm, context, &uri, &asked, parameters.take("access_token")).await
}

async fn told(
    app: &App,
    realm: &Realm,
    context: service::Context,
    uri: &Uri,
    asked: &HeaderMap,
    of_form: Option<Secret>,
) -> Result<Response<Body>, Failure> {
    let mut response = match presented(uri, asked, of_form) {
        Err(refusal) => challenged(refusal, realm).response(),
        Ok(token) => match look_up(app, realm, context, &token).await? {
            Ok(info) => answer::json(StatusCode::OK, &wire(&info)),
            Err(refusal) => challenged(refusal, realm).response(),
        },
    };
    oauth::never_kept(response.headers_mut());
    cors::readable(app, realm, asked, response).await
}

/// The one token that the request presents (RFC 6750 section 2).
fn presented(uri: &Uri, asked: &HeaderMap, of_form: Option<Secret>) -> Result<Secret, OAuthError> {
    let of_header = match credentials::authorization(asked, false) {
        Ok(Some(Authorization::Bearer(token))) => Some(Secret::new(token.0.to_owned())),
        Ok(Some(Authorization::Basic(_) | Authorization::Other) | None) => None,
        Err(Failure::TwoCredentials) => return Err(two_tokens()),
        Err(_) => return Err(unverified()),
    };
    if credentials::token_in_query(uri) {
        return Err(two_tokens());
    }
    match (of_header, of_form) {
        (Some(_), Some(_)) => Err(two_tokens()),
        (Some(token), None) | (None, Some(token)) => Ok(token),
        (None, None) => Err(absent()),
    }
}

async fn look_up(
    app: &App,
    realm: &Realm,
    context: service::Context,
    token: &Secret,
) -> Result<Result<RealmUserInfo, OAuthError>, Failure> {
    let caller = match app.service().authenticate(token.expose(), context).await {
        Ok(caller) => caller,
        Err(Error::Unauthenticated) => return Ok(Err(unverified())),
        Err(error) => return Err(error.into()),
    };
    Ok(match app.service().realm_user_info(&caller, realm).await? {
        Some(info) if info.scope.iter().any(|scope| scope == "openid") => Ok(info),
        Some(_) => Err(without_openid()),
        None => Err(unverified()),
    })
}

/// The challenge of RFC 6750 section 3: without a token a bare one.
fn challenged(refusal: OAuthError, realm: &Realm) -> OAuthError {
    let challenge = match refusal.error {
        "invalid_token" | "insufficient_scope" => format!(
            "Bearer realm=\"{}\", error=\"{}\", error_description=\"{}\"",
            realm.name, refusal.error, refusal.description
        ),
        _ => format!("Bearer realm=\"{}\"", realm.name),
    };
    refusal.challenging(challenge)
}

fn wire(info: &RealmUserInfo) -> Map<String, Value> {
    let mut told = Map::new();
    told.insert("sub".to_owned(), json!(info.subject));
    told.extend(info.about().into_iter().map(|(name, value)| (name.to_owned(), value)));
    told
}
