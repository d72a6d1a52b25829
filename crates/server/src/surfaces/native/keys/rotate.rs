//! `POST /v1/keys/{id}/rotate`: a new secret, the old one beside it for a while.

use super::wire::{self, KeyWithSecret};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    etag,
    extract::{Caller, OptionalJson, Path},
    failure::Failure,
};
use axum::extract::State;
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use service::{Error, keys::RotateKey};
use utoipa::ToSchema;

#[derive(Deserialize, Default, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default)]
    #[schema(maximum = 2_592_000)]
    overlap_seconds: u32,
    #[serde(default)]
    end_overlap: bool,
}

pub(in super::super) async fn rotate(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    OptionalJson(request): OptionalJson<Request>,
) -> Result<Response<Body>, Failure> {
    let rotate = RotateKey {
        overlap_s: request.overlap_seconds,
        end_overlap: request.end_overlap,
        if_version: etag::if_match(&headers)?,
    };
    let made = app.service().rotate_key(&caller, wire::id(&id)?, rotate).await?;
    Ok(wire::with_secret(StatusCode::OK, &made, app.service().now().wall))
}

pub(in super::super) fn doc() -> Operation {
    operation("Rotate a key")
        .about(
            "Gives the key a second secret. The old one works for another \
             `overlapSeconds`, at most 30 days; identity, limit and settings carry \
             on. `endOverlap` ends a running overlap first.",
        )
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .if_match()
        .may_take::<Request>(json!({"overlapSeconds": 86_400}))
        .answers::<KeyWithSecret<'_>>(
            200,
            "The key with its new secret.",
            wire::example_with_secret(),
        )
        .versioned()
        .fails([Error::invalid("overlapSeconds", "must be 0 to 2592000 (30 days)")])
        .fails([Error::conflict(
            "overlap",
            "the secret before the current one still works: wait for the end of its \
             overlap, or end it",
        )])
}
