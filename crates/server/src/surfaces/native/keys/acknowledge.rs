//! `POST /v1/keys/{id}/acknowledge`: the secret was stored.

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
    documented("Acknowledge a key")
}
