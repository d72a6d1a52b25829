//! `DELETE /auth/v3/ops/clients/{client_id}`

use super::super::envelope;
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
    operation("Delete a client of this wire")
        .about(
            "Ends a client and its tokens, from the moment of the answer on. Nobody deletes a client \
             that holds more than they do.",
        )
        .path("client_id", "The id that the client presents.", schema::text(1, 255), "gateway")
        .answers_as(
            200,
            "The client is gone.",
            "application/json",
            envelope::success(),
            json!({"status": {"code": 0}}),
        )
}

pub(in super::super) async fn delete_client(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(client_id): Path<String>,
) -> Result<Response<Body>, Failure> {
    app.service().delete_client(&caller, &client_id, None).await?;
    Ok(envelope::done())
}
