//! `GET /v1/key-types/{name}`.

use super::{super::filters, wire};
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, Path, Query},
    failure::Failure,
    route::documented,
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
    documented("Show a key type")
}
