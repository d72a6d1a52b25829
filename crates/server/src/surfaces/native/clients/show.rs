//! `GET /v1/clients/{clientId}`.

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
    Path(client_id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let client = app.service().show_client(&caller, &client_id).await?;
    Ok(wire::shown(&client))
}

pub(in super::super) fn doc() -> Operation {
    documented("Show a client")
}
