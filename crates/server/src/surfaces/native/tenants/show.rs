//! `GET /v1/tenants/{id}`.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, Path},
    failure::Failure,
    route::documented,
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
    documented("Show a tenant")
}
