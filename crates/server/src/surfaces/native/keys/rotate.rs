//! `POST /v1/keys/{id}/rotate`: a new secret, the old one beside it for a while.

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
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use service::keys::RotateKey;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default)]
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
    documented("Rotate a key")
}
