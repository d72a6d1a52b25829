//! `PATCH /v1/persons/{id}`: what is named changes, the rest stays. What cannot change may be sent back
//! as it is shown.

use super::wire::{self, PersonBody};
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, Json, Path},
    failure::Failure,
    route::documented,
    surfaces::native::members::{agree, given},
};
use axum::extract::State;
use domain::person::Person;
use http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::Value;
use service::{Error, persons::UpdatePerson};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default, deserialize_with = "given")]
    roles: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    must_change_password: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    id: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    tenant: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    username: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    created: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    version: Option<Value>,
}

pub(in super::super) async fn update(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(mut request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let update = UpdatePerson {
        roles: request.roles.take(),
        enabled: request.enabled,
        must_change_password: request.must_change_password,
        if_version: etag::if_match(&headers)?,
    };
    let agree = |stored: &Person| request.agrees_with(stored);
    let person = app.service().update_person(&caller, wire::id(&id)?, update, agree).await?;
    Ok(wire::shown(&person))
}

impl Request {
    fn agrees_with(&self, stored: &Person) -> Result<(), Error> {
        let sent = [
            ("id", &self.id),
            ("tenant", &self.tenant),
            ("username", &self.username),
            ("created", &self.created),
            ("version", &self.version),
        ];
        agree(&PersonBody::of(stored), &sent)
    }
}

pub(in super::super) fn doc() -> Operation {
    documented("Change a person")
}
