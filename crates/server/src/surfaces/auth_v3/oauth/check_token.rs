//! `POST /auth/v3/oauth/check_token`

use super::super::refusal;
use crate::{
    answer::{self, Body},
    app::App,
    document::Operation,
    extract::{Client, Context, Form, Query},
    failure::Failure,
    oauth::{self, OAuthError},
    route::documented,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Serialize;
use service::oauth2::TokenCheck;

#[derive(Serialize)]
struct Answer<'a> {
    active: bool,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<&'a str>,
    authorities: &'a [String],
    client_id: &'a str,
    scope: Vec<&'a str>,
}

pub(in super::super) fn doc() -> Operation {
    documented("Looks at an access token on behalf of a client that has a secret")
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
