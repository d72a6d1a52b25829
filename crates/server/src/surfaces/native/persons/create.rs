//! `POST /v1/persons`: a person of a tenant, or of the cluster.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, Json},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::{id::Scope, secret::Secret};
use http::{Response, StatusCode};
use serde::Deserialize;
use service::{Error, persons::CreatePerson};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    username: String,
    #[serde(default)]
    tenant: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    must_change_password: Option<bool>,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let wanted = request.into_person(&caller)?;
    let made = app.service().create_person(&caller, wanted).await?;
    Ok(wire::with_password(StatusCode::CREATED, &made))
}

impl Request {
    fn into_person(self, caller: &service::Caller) -> Result<CreatePerson, Error> {
        let scope = match &self.tenant {
            Some(text) => Scope::parse(text)
                .map_err(|_| Error::invalid("tenant", "must be a tenant's id or `*`"))?,
            None => caller.own_scope()?,
        };
        Ok(CreatePerson {
            scope,
            username: self.username,
            roles: self.roles,
            enabled: self.enabled.unwrap_or(true),
            password: self.password.map(Secret::new),
            must_change_password: self.must_change_password.unwrap_or(true),
        })
    }
}

pub(in super::super) fn doc() -> Operation {
    documented("Create a person")
}
