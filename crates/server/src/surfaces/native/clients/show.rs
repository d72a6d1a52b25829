//! `GET /v1/clients/{clientId}`.

use super::wire::{self, ClientBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
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
    operation("Show a client")
        .about("Shows a client. Its secret is never shown again.")
        .path(
            "clientId",
            "The client's `clientId`.",
            schema::pattern("^[\\x20-\\x7e]{1,255}$"),
            "billing",
        )
        .answers::<ClientBody<'_>>(200, "The client.", wire::example())
        .versioned()
}
