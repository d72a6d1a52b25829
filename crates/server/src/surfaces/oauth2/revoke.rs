//! `POST /oauth2/revoke` (RFC 7009)

use super::error;
use crate::{
    answer::Body,
    app::App,
    extract::{Client, Context, Form, Query},
    failure::Failure,
    oauth,
    route::documented,
};
use axum::extract::State;
use http::Response;
use utoipa::openapi::path::Operation;

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
    let (proof, _) = oauth::proof(client);
    let Some(token) = form.take("token") else {
        return Ok(error::missing("token").response());
    };
    let mut response = match app.service().revoke_token(Some(&proof), &token, &context).await {
        Ok(()) => Response::new(Body::empty()),
        Err(refusal) => error::refused_client(refusal)?.response(),
    };
    oauth::never_kept(response.headers_mut());
    Ok(response)
}
