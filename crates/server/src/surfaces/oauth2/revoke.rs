//! `POST /oauth2/revoke` (RFC 7009)

use super::error;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Client, Context, Form, Query},
    failure::Failure,
    oauth,
    route::documented,
};
use axum::extract::State;
use http::Response;

pub(super) fn doc() -> Operation {
    documented("Revokes a token of the client, and all that came of the same sign-in")
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
