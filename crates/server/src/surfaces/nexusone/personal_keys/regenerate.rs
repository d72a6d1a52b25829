//! `POST /api/user/psk/regenerate`.

use super::{NewBody, example, shown_once};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, words},
    extract::{Caller, OptionalJson},
    failure::Failure,
    surfaces::nexusone::wire,
};
use axum::extract::State;
use http::Response;
use serde::Deserialize;
use serde_json::json;
use service::Error;
use utoipa::ToSchema;

const MESSAGE: &str =
    "PSK regenerated. Store it now: it is not shown again, and the old one no longer works.";

#[derive(Deserialize, Default, ToSchema)]
pub(in super::super) struct Request {
    /// What the key is for from now on; it stays as it is where this is left out, `null` or empty.
    #[serde(default)]
    #[schema(value_type = Option<words::Description>, required = false)]
    description: Option<String>,
}

pub(in super::super) async fn regenerate(
    State(app): State<App>,
    Caller(caller): Caller,
    OptionalJson(request): OptionalJson<Request>,
) -> Result<Response<Body>, Failure> {
    let description = wire::description(request.description);
    let made = app.service().regenerate_personal_key(&caller, description).await?;
    Ok(shown_once(&made, MESSAGE))
}

pub(in super::super) fn doc() -> Operation {
    operation("Regenerate the caller's personal key")
        .about(
            "Replaces the secret at once: the old one stops working with this answer, which holds the new \
             one. The key's id and its creation stay.",
        )
        .may_take::<Request>(json!({"description": "notebook"}))
        .answers::<NewBody<'_>>(200, "The key with its new secret.", example(MESSAGE))
        .fails([
            Error::NotFound,
            Error::conflict("revoked", "the key is revoked for good, a new secret would not work: create another key"),
            Error::invalid("description", "must have at most 1000 characters, no control characters"),
        ])
}
