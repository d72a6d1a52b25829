//! `POST /v1/persons/{id}/unlock`: ends the delay that failed sign-ins brought.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, NoBody, Path},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use http::Response;

pub(in super::super) async fn unlock(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let person = app.service().unlock_person(&caller, wire::id(&id)?).await?;
    Ok(wire::shown(&person))
}

pub(in super::super) fn doc() -> Operation {
    documented("Unlock a person")
}
