//! `DELETE /v1/tenants/{id}`: its keys, tokens, persons and clients are dead at once.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, Path},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use http::{HeaderMap, Response, StatusCode};

pub(in super::super) async fn delete(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let if_version = etag::if_match(&headers)?;
    app.service().delete_tenant(&caller, wire::id(&id)?, if_version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    documented("Delete a tenant")
}
