//! `POST /realms/{realm}/protocol/openid-connect/token/introspect` (RFC 7662)

use super::{client::presented, cors, form::RealmForm, headers, in_realm::InRealm, refusal};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Named, Operation, operation},
    extract::{Context, Query},
    failure::Failure,
    oauth::{self, OAuthError},
};
use axum::extract::State;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{secret::Secret, token::TokenKind};
use http::{HeaderMap, Response, StatusCode};
use serde_json::{Map, Value, json};
use service::Error;
use service::oauth2::{ClientRefusal, Introspection, Realm};

pub(super) fn doc() -> Operation {
    cors::of_realm(operation("Introspect a token of a realm"))
        .about(
            "RFC 7662. The client must have a secret. An active token is shown with all its claims, its \
             roles as they are now. One that is unknown, expired, revoked or of another realm, an ID \
             token, and a refresh token of another client is `{\"active\":false}`, the same bytes for \
             all of them.",
        )
        .takes_form(
            oauth::token_form("RealmTokenToIntrospect", "An access or refresh token."),
            json!({"token": "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJ…"}),
        )
        .answers_as(
            200,
            "What the token is, or that it is not active.",
            "application/json",
            form(),
            json!({
                "exp": 1_772_367_000,
                "iat": 1_772_366_400,
                "jti": "trrtcc:0f6f5c8e-0a3c-4d0e-9d0e-6d0f4f2b9f0a",
                "iss": "https://keys.example/realms/default",
                "aud": "account",
                "sub": "0c0e2f5e-6d0f-4f2b-9f0a-7a3e0c4b1d22",
                "typ": "Bearer",
                "azp": "default-service",
                "acr": "1",
                "realm_access": {"roles": ["nx1_ask"]},
                "scope": "email openid profile",
                "preferred_username": "service-account-default-service",
                "client_id": "default-service",
                "username": "service-account-default-service",
                "token_type": "Bearer",
                "active": true,
            }),
        )
        .with_header("Cache-Control", "Always `no-store`.", "no-store")
        .refuses([unproved(), public_client(), no_token(), repeated()])
        .fails([Error::Limited { retry_after_s: 30 }, Error::Unavailable { retry_after_s: 1 }])
}

fn form() -> Named {
    let text = || json!({"type": "string"});
    Named::new(
        "RealmIntrospection",
        json!({
            "type": "object",
            "required": ["active"],
            "properties": {
                "active": {"type": "boolean", "description": "Whether it holds; if not, nothing else is said."},
                "client_id": text(),
                "username": {"type": "string", "description": "The person, or the client's service account."},
                "token_type": {"type": "string", "description": "Of an access token: always `Bearer`."},
                "exp": {"type": "integer"},
                "iat": {"type": "integer"},
                "sub": text(),
                "iss": text(),
                "aud": text(),
                "scope": text(),
                "typ": text(),
                "azp": text(),
                "jti": text(),
                "sid": text(),
                "realm_access": {"type": "object", "description": "The roles that the owner holds now."},
            },
            "additionalProperties": true,
        }),
    )
}

fn unproved() -> OAuthError {
    OAuthError::new(StatusCode::UNAUTHORIZED, "invalid_request", "Authentication failed.")
}

fn public_client() -> OAuthError {
    OAuthError::new(StatusCode::FORBIDDEN, "invalid_request", "Client not allowed.")
}

fn no_token() -> OAuthError {
    OAuthError::new(StatusCode::BAD_REQUEST, "invalid_request", "Token not provided.")
}

fn repeated() -> OAuthError {
    OAuthError::new(StatusCode::BAD_REQUEST, "invalid_request", "duplicated parameter")
}

pub(super) async fn introspect_realm_token(
    State(app): State<App>,
    InRealm(realm): InRealm,
    Context(context): Context,
    asked: HeaderMap,
    Query(query): Query,
    form: RealmForm,
) -> Result<Response<Body>, Failure> {
    oauth::check_query(&query)?;
    let RealmForm { parameters: mut form, repeated: twice } = form;
    let came = presented(&asked, &mut form);
    let proved = match came.unreadable {
        true => Err(ClientRefusal::NoClient),
        false => app.service().prove_realm_client(&realm, came.proof.as_ref(), &context).await,
    };
    let mut response = match (proved, form.take("token")) {
        (Err(ClientRefusal::Failed(error)), _) => return Err(error.into()),
        (
            Err(
                ClientRefusal::NoClient
                | ClientRefusal::UnknownClient
                | ClientRefusal::BadClient
                | ClientRefusal::PublicClient,
            ),
            _,
        ) => refusal::challenged(unproved(), came.by_header, &realm).response(),
        (Ok(client), _) if client.public => public_client().response(),
        (Ok(_), _) if twice => repeated().response(),
        (Ok(_), None) => no_token().response(),
        (Ok(client), Some(token)) => {
            let seen = app.service().introspect_for(&client, &token).await?;
            answer::json(StatusCode::OK, &described(seen.as_ref(), &token, &realm))
        }
    };
    oauth::never_kept(response.headers_mut());
    Ok(headers::dressed(&app, response))
}

/// The claims of the token itself, which the look-up proved to be ours, and what is true of it now.
fn described(seen: Option<&Introspection>, token: &Secret, realm: &Realm) -> Value {
    let claims = seen
        .and_then(|_| claims(token))
        .filter(|claims| claims.get("iss").is_some_and(|issuer| *issuer == json!(realm.issuer)));
    let (Some(seen), Some(mut claims)) = (seen, claims) else { return json!({"active": false}) };
    let name = match claims.get("preferred_username") {
        Some(name) => name.clone(),
        None => json!(seen.account_name),
    };
    if let Some(access) = claims.get_mut("realm_access") {
        *access = json!({"roles": seen.roles});
    }
    claims.insert("client_id".to_owned(), json!(seen.client_id));
    claims.insert("username".to_owned(), name);
    if seen.kind == TokenKind::Access {
        claims.insert("token_type".to_owned(), json!("Bearer"));
    }
    claims.insert("active".to_owned(), json!(true));
    Value::Object(claims)
}

/// The claims of a JWT, in their order; its signature is nobody's concern here.
fn claims(token: &Secret) -> Option<Map<String, Value>> {
    let payload = token.expose().split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
