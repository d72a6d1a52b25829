//! `POST /v1/keys/{id}/disable`.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, NoBody, Path},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use http::{HeaderMap, Response};
use service::keys::{ALL_TYPES, KeyRef, UpdateKey};

pub(in super::super) async fn disable(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let id = KeyRef::Id(wire::id(&id)?);
    let update = UpdateKey {
        enabled: Some(false),
        if_version: etag::if_match(&headers)?,
        action: Some("key.disable"),
        ..UpdateKey::default()
    };
    let key = app.service().update_key(&caller, id, ALL_TYPES, update, |_| Ok(())).await?;
    Ok(wire::shown(&key, app.service().now().wall))
}

pub(in super::super) fn doc() -> Operation {
    documented("Disable a key")
}
