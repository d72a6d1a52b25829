//! `DELETE /v1/gateway/routes/{name}`.

use super::super::policies::wire as policy;
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
    app.service().delete_gateway_route(&caller, &name, version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Delete a route of the gateway")
        .about(
            "Deletes a route: the next call finds none, those under way end as they began, tunnels (WebSockets) \
             within seconds.",
        )
        .path("name", "The route's name.", schema::pattern(policy::NAME), "orders")
        .if_match()
        .answers_nothing(204, "The route is deleted.")
        .fails([
            Error::NotAllowed { right: Some(Right::GatewayManage) },
            Error::conflict("configuration", "the configuration of the server holds this"),
        ])
}
