//! `POST /v1/persons/{id}/set-password`: chosen by the caller, or made. The person's tokens end.

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
use domain::secret::Secret;
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use service::persons::SetPassword;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    must_change_password: Option<bool>,
}

pub(in super::super) async fn set_password(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    OptionalJson(request): OptionalJson<Request>,
) -> Result<Response<Body>, Failure> {
    let set = SetPassword {
        password: request.password.map(Secret::new),
        must_change: request.must_change_password.unwrap_or(true),
        if_version: etag::if_match(&headers)?,
    };
    let person = app.service().set_person_password(&caller, wire::id(&id)?, set).await?;
    Ok(wire::with_password(StatusCode::OK, &person))
}

pub(in super::super) fn doc() -> Operation {
    documented("Set a person's password")
}
