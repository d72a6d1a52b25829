//! `GET /v1/persons/{id}`.

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

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let person = app.service().show_person(&caller, wire::id(&id)?).await?;
    Ok(wire::shown(&person))
}

pub(in super::super) fn doc() -> Operation {
    documented("Show a person")
}
