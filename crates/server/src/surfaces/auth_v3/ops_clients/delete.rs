//! `DELETE /auth/v3/ops/clients/{client_id}`

use super::super::envelope;
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
    documented("Ends a client and its tokens")
}

pub(in super::super) async fn delete_client(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(client_id): Path<String>,
) -> Result<Response<Body>, Failure> {
    app.service().delete_client(&caller, &client_id, None).await?;
    Ok(envelope::done())
}
