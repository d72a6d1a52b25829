//! `POST /oauth2/revoke` (RFC 7009)

use super::error;
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation},
    extract::{Client, Context, Form, Query},
    failure::Failure,
    oauth,
};
use axum::extract::State;
use http::Response;
use serde_json::json;
use service::Error;

pub(super) fn doc() -> Operation {
    operation("Revoke a token")
        .about(
            "RFC 7009. A client revokes the tokens that were issued to it; public ones too. Either \
             token of a sign-in takes all that came of it along, and the effect is there before the \
             answer. A token of another client is left alone; that, an unknown and a dead token are \
             answered alike. When the database is away the answer is 503, and the token still lives.",
        )
        .takes_form(
            oauth::token_form("TokenToRevoke", "An access or refresh token of the client's."),
            json!({"token": "9b7682b7-cbce-422f-9bbb-ecda85e61695"}),
        )
        .answers_nothing(200, "No token of the client's has this text any more.")
        .with_header("Cache-Control", "Always `no-store`.", "no-store")
        .refuses([error::missing("token"), error::unproved()])
        .fails([
            Error::Limited { retry_after_s: 30 },
            Error::Unavailable { retry_after_s: 1 },
        ])
}

pub(super) async fn revoke_token(
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
        return Ok(match app.service().prove_client(Some(&proof), &context).await {
            Ok(_) => error::missing("token").response(),
            Err(refusal) => error::refused_client(refusal)?.response(),
        });
    };
    let mut response = match app.service().revoke_token(Some(&proof), &token, &context).await {
        Ok(()) => Response::new(Body::empty()),
        Err(refusal) => error::refused_client(refusal)?.response(),
    };
    oauth::never_kept(response.headers_mut());
    Ok(response)
}
