//! `GET /v1/key-types/{name}`.

use super::{
    super::filters,
    wire::{self, KeyTypeBody},
};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path, Query},
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(name): Path<String>,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let tenant = filters::tenant(&mut query)?;
    query.finish()?;
    let of_type = app.service().show_key_type(&caller, tenant, &name)?;
    Ok(wire::shown(StatusCode::OK, &of_type))
}

pub(in super::super) fn doc() -> Operation {
    operation("Show a key type")
        .about("Shows one key type, its own or one that every installation has.")
        .path("name", "The type's name.", schema::text(1, 64), "partner")
        .query("tenant", "Whose type is meant; of callers of the cluster.", schema::scope(), "*")
        .answers::<KeyTypeBody<'_>>(200, "The key type.", wire::example())
        .versioned()
}
