//! `POST /v1/keys/{id}/copy`: another key with the same settings and a secret of its own.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, OptionalJson, Path},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::secret::Secret;
use http::{Response, StatusCode};
use serde::Deserialize;
use service::keys::CopyKey;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    secret: Option<String>,
}

pub(in super::super) async fn copy(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    OptionalJson(request): OptionalJson<Request>,
) -> Result<Response<Body>, Failure> {
    let copy = CopyKey { name: request.name, secret: request.secret.map(Secret::new) };
    let made = app.service().copy_key(&caller, wire::id(&id)?, copy).await?;
    Ok(wire::with_secret(StatusCode::CREATED, &made, app.service().now().wall))
}

pub(in super::super) fn doc() -> Operation {
    documented("Copy a key")
}
