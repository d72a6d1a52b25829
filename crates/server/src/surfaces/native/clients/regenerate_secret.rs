//! `POST /v1/clients/{clientId}/regenerate-secret`: a new secret; the old one, and the client's tokens,
//! are dead at once.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    etag,
    extract::{Caller, NoBody, Path},
    failure::Failure,
};
use axum::extract::State;
use domain::right::Right;
use http::{HeaderMap, Response, StatusCode};
use service::Error;

pub(in super::super) async fn regenerate_secret(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(client_id): Path<String>,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let version = etag::if_match(&headers)?;
    let made = app.service().regenerate_client_secret(&caller, &client_id, version).await?;
    Ok(wire::with_secret(StatusCode::OK, &made))
}

pub(in super::super) fn doc() -> Operation {
    operation("Regenerate a client's secret")
        .about(
            "Replaces a client's secret by one that is told in this answer alone. The old secret is dead \
             at once, and so is every token that the client was given, for itself or for persons.",
        )
        .path("clientId", "The client's `clientId`.", schema::pattern("^[\\x20-\\x7e]{1,255}$"), "billing")
        .if_match()
        .takes_nothing()
        .answers::<wire::Made<'_>>(200, "The client.", wire::example_with_secret())
        .versioned()
        .fails([
            Error::NotAllowed { right: Some(Right::KeysVerify) },
            Error::conflict(
                "public_client",
                "a public client has no secret; make a confidential one instead",
            ),
        ])
}
