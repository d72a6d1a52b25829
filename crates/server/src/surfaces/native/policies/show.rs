//! `GET /v1/policies/{name}`.

use super::wire::{self, PolicyBody};
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
    let policy = app.service().show_policy(&caller, &name)?;
    Ok(wire::shown(StatusCode::OK, &policy))
}

pub(in super::super) fn doc() -> Operation {
    operation("Show a policy")
        .about("Shows one policy, whether the configuration holds it or was made here.")
        .path("name", "The policy's name.", schema::pattern(wire::NAME), "orders")
        .answers::<PolicyBody<'_>>(200, "The policy.", wire::example())
        .versioned()
}
