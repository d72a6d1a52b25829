//! `POST /v1/keys/{id}/revoke`: for good, now or from an instant on.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, OptionalJson, Path},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use http::{HeaderMap, Response};
use serde::Deserialize;
use service::keys::RevokeKey;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default)]
    at: Option<String>,
    #[serde(default)]
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
    documented("Revoke a key")
}
