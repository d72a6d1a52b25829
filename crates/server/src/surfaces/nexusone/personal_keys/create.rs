//! `POST /api/user/psk`.

use super::{NewBody, example, shown_once};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
    surfaces::nexusone::wire,
};
use axum::extract::State;
use http::Response;
use serde::Deserialize;
use serde_json::json;
use service::Error;
use utoipa::ToSchema;

const MESSAGE: &str = "PSK created. Store it now: it is not shown again.";

#[derive(Deserialize, ToSchema)]
pub(in super::super) struct Request {
    /// What the key is for; `null` for nothing in particular.
    #[serde(deserialize_with = "wire::or_null")]
    #[schema(value_type = Option<words::Description>, required = true)]
    description: Option<String>,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let description = wire::description(request.description);
    let made = app.service().create_personal_key(&caller, description).await?;
    Ok(shown_once(&made, MESSAGE))
}

pub(in super::super) fn doc() -> Operation {
    operation("Create the caller's personal key")
        .about(
            "Makes the one key (PSK) that a person may have. The answer holds the secret, no later one does. \
             It may do what the person's `nx1_…` roles say at the moment of a call: `nx1:ask` for `nx1_ask`. \
             It ends with the person, and does not serve while they are disabled.",
        )
        .takes::<Request>(json!({"description": "notebook"}))
        .answers::<NewBody<'_>>(200, "The key with its secret.", example(MESSAGE))
        .fails([
            Error::conflict("owner", "there is one"),
            Error::too_many_keys("there may be at most 200 keys of this type"),
            Error::invalid("description", "must have at most 1000 characters, no control characters"),
        ])
}
