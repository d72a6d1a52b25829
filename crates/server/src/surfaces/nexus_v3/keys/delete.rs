//! `DELETE /nexus/v3/apikeys/{key}`.

use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, Path},
    failure::Failure,
    route::documented,
    surfaces::nexus_v3::KEY_TYPES,
};
use axum::extract::State;
use http::{HeaderMap, Response, StatusCode};
use service::keys::KeyRef;

pub(in super::super) async fn delete(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let if_version = etag::if_match(&headers)?;
    app.service().delete_key(&caller, KeyRef::parse(&key), KEY_TYPES, if_version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    documented("Delete an API key")
}
