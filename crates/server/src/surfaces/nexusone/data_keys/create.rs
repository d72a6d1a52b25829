//! `POST /api/dataproduct/{dataproduct_id}/psk`.

use super::{GivenBody, bad_days, days};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema, words},
    extract::{Caller, Json, Path},
    failure::Failure,
    surfaces::nexusone::wire,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use service::{Error, data_keys::CreateDataKey};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
pub(in super::super) struct Request {
    /// What the key is for.
    #[serde(default)]
    #[schema(value_type = Option<words::Description>, required = false)]
    description: Option<String>,
    /// For how many days it serves.
    #[schema(minimum = 1, maximum = 36_500)]
    validity_days: i64,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(product): Path<String>,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let wanted = CreateDataKey {
        product,
        validity_days: days(request.validity_days)?,
        description: wire::description(request.description),
    };
    let made = app.service().create_data_key(&caller, wanted).await?;
    Ok(answer::json(StatusCode::OK, &GivenBody::of(&made.key, Some(made.secret.expose()))))
}

pub(in super::super) fn doc() -> Operation {
    operation("Create a key of a data product")
        .about(
            "Makes a key for one data product of the caller's tenant. What a data product is, only the \
             system behind knows: its id is taken as it stands, becomes the key's name, and reaches the \
             upstream of a gateway as `X-Keyward-Key-Name`. The answer holds the secret, no later one does.",
        )
        .path(
            "dataproduct_id",
            "The data product, in the words of the system behind.",
            schema::text(1, 255),
            "sales_by_region",
        )
        .takes::<Request>(json!({"description": "quarterly report", "validity_days": 30}))
        .answers::<GivenBody<'_>>(
            200,
            "The key's secret and its end.",
            json!({
                "psk": wire::EXAMPLE_SECRET,
                "description": "quarterly report",
                "valid_until": "2026-12-22T09:30:00.000Z",
            }),
        )
        .fails([
            bad_days(),
            Failure::Service(Error::too_many_keys("there may be at most 200 keys of this type")),
            Failure::Service(Error::invalid("name", "must have 1 to 255 characters")),
        ])
}
