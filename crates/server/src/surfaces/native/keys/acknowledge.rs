//! `POST /v1/keys/{id}/acknowledge`: the secret was stored.

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

pub(in super::super) async fn acknowledge(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let version = etag::if_match(&headers)?;
    let key = app.service().acknowledge_key(&caller, wire::id(&id)?, version).await?;
    Ok(wire::shown(&key, app.service().now().wall))
}

pub(in super::super) fn doc() -> Operation {
    operation("Acknowledge a key")
        .about(
            "Confirms that the secret was stored. Only whoever made it can do that; \
             of a tenant whose policy holds such keys back, the key works from then \
             on. Done again, it changes nothing.",
        )
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .if_match()
        .takes_nothing()
        .answers::<KeyBody<'_>>(200, "The key.", wire::example())
        .versioned()
        .fails([
            Error::conflict("key_type", "keys of this type are not acknowledged"),
            Error::conflict("creator", "only the creator of the key can acknowledge it"),
        ])
}
