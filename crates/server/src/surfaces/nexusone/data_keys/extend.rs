//! `POST /api/dataproduct/psk/{psk_id}/extend`.

use super::{GivenBody, bad_days, days};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Json, Path},
    failure::Failure,
    surfaces::nexusone::wire,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use service::Error;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
pub(in super::super) struct Request {
    /// How many days more.
    #[schema(minimum = 1, maximum = 36_500)]
    validity_days: i64,
}

pub(in super::super) async fn extend(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let (id, days) = (wire::key_id(&id)?, days(request.validity_days)?);
    let key = app.service().extend_data_key(&caller, id, days).await?;
    Ok(answer::json(StatusCode::OK, &GivenBody::of(&key, None)))
}

pub(in super::super) fn doc() -> Operation {
    operation("Extend a key of a data product")
        .about(
            "Lets the key serve so many days more, counted from its end, or from now where that has passed. \
             The secret stays as it is; it is shown once, when the key is made, and so `psk` is `null` here.",
        )
        .path("psk_id", "The key's id, as the list has it.", schema::uuid(), wire::EXAMPLE_ID)
        .takes::<Request>(json!({"validity_days": 30}))
        .answers::<GivenBody<'_>>(
            200,
            "The key's new end.",
            json!({
                "psk": null,
                "description": "quarterly report",
                "valid_until": "2027-01-21T09:30:00.000Z",
            }),
        )
        .fails([
            bad_days(),
            Failure::Service(Error::too_many_keys("there may be at most 200 keys of this type")),
            Failure::Service(Error::NotFound),
            Failure::Service(Error::conflict("never_ends", "the key has no end that could be moved")),
        ])
}
