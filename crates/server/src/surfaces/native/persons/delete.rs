//! `DELETE /v1/persons/{id}`: no sign-in, no token, no personal key any more.

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
    let version = etag::if_match(&headers)?;
    app.service().delete_person(&caller, wire::id(&id)?, version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    documented("Delete a person")
}
