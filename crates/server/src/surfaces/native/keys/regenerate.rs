//! `POST /v1/keys/{id}/regenerate`: a new secret, the old one dead at once.

use super::wire::{self, KeyWithSecret};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    etag,
    extract::{Caller, NoBody, Path},
    failure::Failure,
};
use axum::extract::State;
use http::{HeaderMap, Response, StatusCode};
use service::Error;

pub(in super::super) async fn regenerate(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let version = etag::if_match(&headers)?;
    let made = app.service().regenerate_key(&caller, wire::id(&id)?, version).await?;
    Ok(wire::with_secret(StatusCode::OK, &made, app.service().now().wall))
}

pub(in super::super) fn doc() -> Operation {
    operation("Regenerate a key")
        .about(
            "Replaces the secret at once: the old one stops working with this \
             answer. To let both work for a while, rotate the key.",
        )
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .if_match()
        .takes_nothing()
        .answers::<KeyWithSecret<'_>>(
            200,
            "The key with its new secret.",
            wire::example_with_secret(),
        )
        .versioned()
        .fails([Error::conflict("revoked", "the key is revoked; make a new one")])
}
