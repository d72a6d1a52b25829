//! `GET /v1/keys/{id}`.

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
use http::Response;
use service::keys::{ALL_TYPES, KeyRef};

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let id = KeyRef::Id(wire::id(&id)?);
    let key = app.service().show_key(&caller, id, ALL_TYPES).await?;
    Ok(wire::shown(&key, app.service().now().wall))
}

pub(in super::super) fn doc() -> Operation {
    documented("Show a key")
}
