//! `POST /v1/keys/{id}/retire-secret`: the secret before the current one ends now.

use super::wire::{self, KeyBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    etag,
    extract::{Caller, NoBody, Path},
    failure::Failure,
};
use axum::extract::State;
use http::{HeaderMap, Response};
use service::Error;

pub(in super::super) async fn retire_secret(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let service = app.service();
    let key = service.retire_secret(&caller, wire::id(&id)?, etag::if_match(&headers)?).await?;
    Ok(wire::shown(&key, service.now().wall))
}

pub(in super::super) fn doc() -> Operation {
    operation("Retire a key's old secret")
        .about(
            "Ends the secret before the current one before its overlap does: from the moment of the \
             answer on the current one alone opens the key. Where no old one works, nothing changes.",
        )
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .if_match()
        .takes_nothing()
        .answers::<KeyBody<'_>>(200, "The key as it is now.", wire::example())
        .versioned()
        .fails([
            Error::conflict("key_type", "keys of type `psk` have one secret: they are not rotated"),
            Error::conflict("revoked", "the key is revoked for good: none of its secrets works"),
        ])
}
