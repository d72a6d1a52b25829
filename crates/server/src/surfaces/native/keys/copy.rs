//! `POST /v1/keys/{id}/copy`: another key with the same settings and a secret of its own.

use super::{
    warned,
    wire::{self, KeyWithSecret},
};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema, words},
    extract::{Caller, OptionalJson, Path},
    failure::Failure,
};
use axum::extract::State;
use domain::secret::Secret;
use http::Response;
use serde::Deserialize;
use serde_json::json;
use service::{Error, keys::CopyKey};
use utoipa::ToSchema;

#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default)]
    #[schema(value_type = Option<words::Name>)]
    name: Option<String>,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255)]
    secret: Option<String>,
    /// Its end; without it that of the source.
    #[serde(default)]
    #[schema(value_type = Option<words::Instant>)]
    expires: Option<String>,
}

pub(in super::super) async fn copy(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    OptionalJson(request): OptionalJson<Request>,
) -> Result<Response<Body>, Failure> {
    let end = request.expires.map(|text| wire::instant("expires", &text)).transpose()?;
    let secret = request.secret.map(Secret::new);
    let copy = CopyKey { name: request.name, secret, expires_at: end };
    let made = app.service().copy_key(&caller, wire::id(&id)?, copy).await?;
    Ok(warned::made(app.service(), &made))
}

pub(in super::super) fn doc() -> Operation {
    operation("Copy a key")
        .about(
            "Makes another key with the settings of this one and a secret of its \
             own. Of a key that has expired a copy needs another end.",
        )
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .may_take::<Request>(json!({"name": "orders, staging"}))
        .answers::<KeyWithSecret<'_>>(
            201,
            "The key with its new secret.",
            wire::example_with_secret(),
        )
        .versioned()
        .fails([Error::invalid(
            "name",
            "must have 1 to 255 characters, not only spaces, no control characters",
        )])
        .fails([Error::invalid("expires", "has passed: nobody could ever use the key")])
        .fails([
            Error::conflict("secret", "this secret is already in use; choose another one"),
            Error::too_many_keys("there may be at most 200 keys of this type"),
        ])
}
