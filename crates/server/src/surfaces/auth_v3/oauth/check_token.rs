//! `POST /auth/v3/oauth/check_token`

use super::super::refusal;
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation},
    extract::{Client, Context, Form, Query},
    failure::Failure,
    oauth::{self, OAuthError},
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{Error, oauth2::TokenCheck};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
struct Answer<'a> {
    /// Always `true`.
    active: bool,
    /// When it ends, in seconds since 1970.
    exp: i64,
    /// Of a person's token, with the tenant part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    user_name: Option<&'a str>,
    /// The owner's roles.
    authorities: &'a [String],
    /// The client that it was issued to.
    client_id: &'a str,
    scope: Vec<&'a str>,
}

pub(in super::super) fn doc() -> Operation {
    let bad = |error, description| OAuthError::new(StatusCode::BAD_REQUEST, error, description);
    operation("Check a token")
        .about(
            "Looks at an access token on behalf of a client that has a secret; a public client proves \
             nothing and is refused. Our choice: the path and the form of the framework that the \
             published service is built on. `/oauth2/introspect` says the same as the standard has it.",
        )
        .takes_form(
            oauth::token_form("TokenToCheck", "The access token."),
            json!({"token": "9b7682b7-cbce-422f-9bbb-ecda85e61695"}),
        )
        .answers::<Answer<'_>>(
            200,
            "The token holds.",
            json!({
                "active": true,
                "exp": 1_772_409_600,
                "user_name": "578ec98e-f07c-46ad-9675-f36c22f3ba9f\\vera",
                "authorities": ["viewer"],
                "client_id": "nexus_client",
                "scope": ["*"],
            }),
        )
        .with_header("Cache-Control", "Always `no-store`.", "no-store")
        .refuses([
            bad("invalid_token", "Token was not recognised"),
            bad("invalid_token", "Token has expired"),
            bad("invalid_request", "token parameter not provided"),
        ])
        .fails([
            Error::Limited { retry_after_s: 30 },
            Error::Unavailable { retry_after_s: 1 },
        ])
}

pub(in super::super) async fn check_token(
    State(app): State<App>,
    Context(context): Context,
    client: Client,
    Query(query): Query,
    Form(mut form): Form,
) -> Result<Response<Body>, Failure> {
    oauth::check_query(&query)?;
    let proof = match oauth::agreed_proof(client) {
        Ok(proof) => proof,
        Err(why) => return Ok(refusal::refused_client(why)?.response()),
    };
    let bad = |error, description| {
        OAuthError::new(StatusCode::BAD_REQUEST, error, description).response()
    };
    let Some(token) = form.take("token") else {
        // Who asks is settled before what was asked: a stranger learns nothing of its form.
        return Ok(match app.service().prove_confidential(Some(&proof), &context).await {
            Ok(_) => bad("invalid_request", "token parameter not provided"),
            Err(refusal) => refusal::refused_client(refusal)?.response(),
        });
    };
    let seen = match app.service().check_token(Some(&proof), &token, &context).await {
        Ok(TokenCheck::Live(seen)) => seen,
        Ok(TokenCheck::Expired) => return Ok(bad("invalid_token", "Token has expired")),
        Ok(TokenCheck::Unknown) => return Ok(bad("invalid_token", "Token was not recognised")),
        Err(why) => return Ok(refusal::refused_client(why)?.response()),
    };
    let answer = Answer {
        active: true,
        exp: seen.expires_at.as_seconds(),
        user_name: seen.username.as_deref(),
        authorities: &seen.roles,
        client_id: &seen.client_id,
        scope: seen.scope.split(' ').collect(),
    };
    let mut response = answer::json(StatusCode::OK, &answer);
    oauth::never_kept(response.headers_mut());
    Ok(response)
}
