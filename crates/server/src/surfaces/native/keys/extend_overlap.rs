//! `POST /v1/keys/{id}/extend-overlap`: the secret before the current one works for longer.

use super::wire::{self, KeyBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    etag,
    extract::{Caller, Json, Path},
    failure::Failure,
};
use axum::extract::State;
use http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::json;
use service::Error;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = OverlapExtension)]
pub(in super::super) struct Request {
    /// For how long from now.
    #[schema(minimum = 1, maximum = 2_592_000)]
    overlap_seconds: u32,
}

pub(in super::super) async fn extend_overlap(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let service = app.service();
    let (id, if_version) = (wire::id(&id)?, etag::if_match(&headers)?);
    let key = service.extend_overlap(&caller, id, request.overlap_seconds, if_version).await?;
    Ok(wire::shown(&key, service.now().wall))
}

pub(in super::super) fn doc() -> Operation {
    operation("Extend a key's overlap")
        .about(
            "Lets the secret before the current one work for `overlapSeconds` from now, at most 30 days. \
             Only while it still works: a secret that has ended does not come back.",
        )
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .if_match()
        .takes::<Request>(json!({"overlapSeconds": 86_400}))
        .answers::<KeyBody<'_>>(200, "The key as it is now.", wire::example())
        .versioned()
        .fails([
            Error::invalid("overlapSeconds", "must be 1 to 2592000, which is 30 days"),
            Error::conflict(
                "overlap",
                "no secret before the current one works any more, and none comes back",
            ),
            Error::conflict("key_type", "keys of type `psk` have one secret: they are not rotated"),
            Error::conflict("revoked", "the key is revoked for good: none of its secrets works"),
        ])
}
