//! `POST /v1/keys/{id}/regenerate`: a new secret, the old one dead at once.

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
use http::{HeaderMap, Response, StatusCode};

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
    documented("Regenerate a key")
}
