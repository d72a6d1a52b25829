//! `POST /v1/keys/{id}/enable`.

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
use service::{
    Error,
    keys::{ALL_TYPES, KeyRef, UpdateKey},
};

pub(in super::super) async fn enable(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let id = KeyRef::Id(wire::id(&id)?);
    let update = UpdateKey {
        enabled: Some(true),
        release: true,
        if_version: etag::if_match(&headers)?,
        action: Some("key.enable"),
        ..UpdateKey::default()
    };
    let key = app.service().update_key(&caller, id, ALL_TYPES, update, |_| Ok(())).await?;
    Ok(wire::shown(&key, app.service().now().wall))
}

pub(in super::super) fn doc() -> Operation {
    operation("Enable a key")
        .about(
            "Switches the key on again. What is enabled already stays so. A key that is held back because \
             nobody used it is released, of whatever type it is; its time without use counts anew.",
        )
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .if_match()
        .takes_nothing()
        .answers::<KeyBody<'_>>(200, "The key.", wire::example())
        .versioned()
        .fails([Error::conflict(
            "key_type",
            "keys of this type cannot be disabled; revoke or delete the key",
        )])
}
