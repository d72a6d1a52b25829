//! `DELETE /v1/policies/{name}`.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    etag,
    extract::{Caller, Path},
    failure::Failure,
};
use axum::extract::State;
use domain::right::Right;
use http::{HeaderMap, Response, StatusCode};
use service::Error;

pub(in super::super) async fn delete(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let version = etag::if_match(&headers)?;
    app.service().delete_policy(&caller, &name, version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Delete a policy")
        .about("Deletes a policy: the next check by it finds none.")
        .path("name", "The policy's name.", schema::pattern(wire::NAME), "orders")
        .if_match()
        .answers_nothing(204, "The policy is deleted.")
        .fails([
            Error::NotAllowed { right: Some(Right::GatewayManage) },
            Error::conflict("configuration", "the configuration of the server holds this"),
        ])
}
