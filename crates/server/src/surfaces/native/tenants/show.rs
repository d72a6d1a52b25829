//! `GET /v1/tenants/{id}`.

use super::wire::{self, TenantBody};
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
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let tenant = app.service().show_tenant(&caller, wire::id(&id)?).await?;
    Ok(wire::shown(StatusCode::OK, &tenant))
}

pub(in super::super) fn doc() -> Operation {
    operation("Show a tenant")
        .about("Shows one tenant: to its own administrator, and to callers of the cluster.")
        .path("id", "The tenant's id.", schema::uuid(), wire::ID)
        .answers::<TenantBody<'_>>(200, "The tenant.", wire::example())
        .versioned()
}
