//! `POST /v1/keys/{id}/revoke`: for good, now or from an instant on.

use super::wire::{self, KeyBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema, words},
    etag,
    extract::{Caller, OptionalJson, Path},
    failure::Failure,
};
use axum::extract::State;
use http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::json;
use service::{Error, keys::RevokeKey};
use utoipa::ToSchema;

#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default)]
    #[schema(value_type = Option<words::Instant>)]
    at: Option<String>,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    reason: Option<String>,
}

pub(in super::super) async fn revoke(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    OptionalJson(request): OptionalJson<Request>,
) -> Result<Response<Body>, Failure> {
    let revoke = RevokeKey {
        at: request.at.as_deref().map(|text| wire::instant("at", text)).transpose()?,
        reason: request.reason,
        if_version: etag::if_match(&headers)?,
    };
    let key = app.service().revoke_key(&caller, wire::id(&id)?, revoke).await?;
    Ok(wire::shown(&key, app.service().now().wall))
}

pub(in super::super) fn doc() -> Operation {
    operation("Revoke a key")
        .about(
            "Ends the key for good, now or at an instant. An instant that has passed \
             means now; before its instant has come a revocation can be moved.",
        )
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .if_match()
        .may_take::<Request>(
            json!({"at": "2027-01-31T00:00:00Z", "reason": "the service is shut down"}),
        )
        .answers::<KeyBody<'_>>(200, "The key.", wire::example())
        .versioned()
        .fails([Error::invalid("at", "must be an RFC 3339 instant such as 2026-12-31T23:59:59Z")])
        .fails([Error::conflict("revoked", "the key is revoked; that is for good")])
}
