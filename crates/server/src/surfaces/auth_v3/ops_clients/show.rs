//! `GET /auth/v3/ops/clients/{client_id}`

use super::{super::envelope, forms, wire::Shown};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use serde_json::json;

pub(in super::super) fn doc() -> Operation {
    operation("Show a client of this wire")
        .about("A client by the id that it presents. Its secret is never shown.")
        .path("client_id", "The id that the client presents.", schema::text(1, 255), "gateway")
        .answers_as(
            200,
            "The client.",
            "application/json",
            forms::client(),
            json!({"status": {"code": 0}, "data": forms::example()}),
        )
}

pub(in super::super) async fn show_client(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(client_id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let client = app.service().show_client(&caller, &client_id).await?;
    Ok(envelope::with_data(&Shown::of(&client)))
}
