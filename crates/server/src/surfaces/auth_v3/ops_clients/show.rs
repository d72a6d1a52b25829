//! `GET /auth/v3/ops/clients/{client_id}`

use super::{super::envelope, wire::Shown};
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

pub(in super::super) fn doc() -> Operation {
    documented("Shows a client")
}

pub(in super::super) async fn show_client(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(client_id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let client = app.service().show_client(&caller, &client_id).await?;
    Ok(envelope::with_data(&Shown::of(&client)))
}
