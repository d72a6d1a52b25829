//! `GET /v1/gateway/routes/{name}`.

use super::{
    super::policies::wire as policy,
    wire::{self, RouteBody},
};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(name): Path<String>,
) -> Result<Response<Body>, Failure> {
    let route = app.service().show_gateway_route(&caller, &name)?;
    Ok(wire::shown(StatusCode::OK, &route))
}

pub(in super::super) fn doc() -> Operation {
    operation("Show a route of the gateway")
        .about(
            "Shows one route of the gateway, whether the configuration holds it or was made here.",
        )
        .path("name", "The route's name.", schema::pattern(policy::NAME), "orders")
        .answers::<RouteBody<'_>>(200, "The route.", wire::example())
        .versioned()
}
