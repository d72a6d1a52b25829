//! `GET /v1/roles/{name}`.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, Path, Query},
    failure::Failure,
    route::documented,
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
    documented("Show a role")
}
