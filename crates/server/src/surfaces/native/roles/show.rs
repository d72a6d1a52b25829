//! `GET /v1/roles/{name}`.

use super::wire::{self, RoleBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path, Query},
    failure::Failure,
    surfaces::native::filters,
};
use axum::extract::State;
use http::{Response, StatusCode};

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(name): Path<String>,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let scope = filters::tenant(&mut query)?;
    query.finish()?;
    let role = app.service().show_role(&caller, scope, &name).await?;
    Ok(wire::shown(StatusCode::OK, &role))
}

pub(in super::super) fn doc() -> Operation {
    operation("Show a role")
        .about("Shows a role that somebody of the tenant can hold.")
        .path("name", "The role's name.", schema::pattern("^[a-z0-9_]{1,64}$"), "auditor")
        .query(
            "tenant",
            "The tenant, or `*`; the caller's own where it is left out.",
            schema::scope(),
            "*",
        )
        .answers::<RoleBody<'_>>(200, "The role.", wire::example())
        .versioned()
}
