//! `POST /oauth2/introspect` (RFC 7662)

use super::error;
use crate::{
    answer::{self, Body},
    app::App,
    document::Operation,
    extract::{Client, Context, Form, Query},
    failure::Failure,
    oauth,
    route::documented,
};
use axum::extract::State;
use domain::{actor::PrincipalId, token::TokenKind};
use http::{Response, StatusCode};
use serde::Serialize;
use service::oauth2::Introspection;

#[derive(Serialize)]
struct Active<'a> {
    active: bool,
    scope: &'a str,
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    /// Of an access token alone: a refresh token is presented to nobody but us.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    exp: i64,
    iat: i64,
    sub: String,
    aud: &'a str,
    iss: &'a str,
}

/// The same for a token that is unknown, dead or not the client's to know of (IN-02).
#[derive(Serialize)]
struct Inactive {
    active: bool,
}

pub(super) fn doc() -> Operation {
    documented("Looks at a token on behalf of a client that has a secret")
}

pub(super) async fn introspect_token(
    State(app): State<App>,
    Context(context): Context,
    client: Client,
    Query(query): Query,
    Form(mut form): Form,
) -> Result<Response<Body>, Failure> {
    oauth::check_query(&query)?;
    let proof = match oauth::agreed_proof(client) {
        Ok(proof) => proof,
        Err(refusal) => return Ok(error::refused_client(refusal)?.response()),
    };
    let Some(token) = form.take("token") else {
        // Who asks is settled before what was asked: a stranger learns nothing of its form.
        return Ok(match app.service().prove_confidential(Some(&proof), &context).await {
            Ok(_) => error::missing("token").response(),
            Err(refusal) => error::refused_client(refusal)?.response(),
        });
    };
    let mut response = match app.service().introspect(Some(&proof), &token, &context).await {
        Ok(Some(seen)) => active(&seen),
        Ok(None) => answer::json(StatusCode::OK, &Inactive { active: false }),
        Err(refusal) => error::refused_client(refusal)?.response(),
    };
    oauth::never_kept(response.headers_mut());
    Ok(response)
}

fn active(seen: &Introspection) -> Response<Body> {
    let sub = match seen.subject {
        PrincipalId::Person(id) => id.to_string(),
        PrincipalId::Client(id) => id.to_string(),
    };
    let wire = Active {
        active: true,
        scope: &seen.scope,
        client_id: &seen.client_id,
        username: seen.username.as_deref(),
        token_type: (seen.kind == TokenKind::Access).then_some("Bearer"),
        exp: seen.expires_at.as_seconds(),
        iat: seen.issued_at.as_seconds(),
        sub,
        aud: &seen.issuer,
        iss: &seen.issuer,
    };
    answer::json(StatusCode::OK, &wire)
}
