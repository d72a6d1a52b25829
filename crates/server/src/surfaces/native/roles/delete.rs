//! `DELETE /v1/roles/{name}`: of a role that nobody holds.

use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, Path, Query},
    failure::Failure,
    route::documented,
    surfaces::native::filters,
};
use axum::extract::State;
use http::{HeaderMap, Response, StatusCode};

pub(in super::super) async fn delete(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(name): Path<String>,
    mut query: Query,
    headers: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let scope = filters::tenant(&mut query)?;
    query.finish()?;
    let version = etag::if_match(&headers)?;
    app.service().delete_role(&caller, scope, &name, version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    documented("Delete a role")
}
