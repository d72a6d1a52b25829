//! `PATCH /v1/clients/{clientId}`: what is named changes, the rest stays. What cannot change may be sent
//! back as it is shown.

use super::wire::{self, ClientBody};
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
use domain::{client::Client, secret::Secret};
use http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::Value;
use service::{Error, clients::UpdateClient};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    description: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    secret: Option<String>,
    #[serde(default, deserialize_with = "given")]
    grants: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    scopes: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    redirect_uris: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    roles: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    contact_centers: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    access_ttl_seconds: Option<u32>,
    #[serde(default, deserialize_with = "given")]
    refresh_ttl_seconds: Option<u32>,
    #[serde(default, deserialize_with = "given")]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    id: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    client_id: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    tenant: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    public: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    created: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    version: Option<Value>,
}

pub(in super::super) async fn update(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(client_id): Path<String>,
    headers: HeaderMap,
    Json(mut request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let change = UpdateClient { if_version: etag::if_match(&headers)?, ..request.take_change()? };
    let agree = |stored: &Client| request.agrees_with(stored);
    let client = app.service().update_client(&caller, &client_id, change, agree).await?;
    Ok(wire::shown(&client))
}

impl Request {
    fn take_change(&mut self) -> Result<UpdateClient, Error> {
        Ok(UpdateClient {
            name: self.name.take(),
            description: self.description.take(),
            secret: self.secret.take().map(Secret::new),
            grants: self.grants.as_deref().map(wire::grants).transpose()?,
            scopes: self.scopes.take(),
            redirect_uris: self.redirect_uris.take(),
            roles: self.roles.take(),
            contact_centers: self
                .contact_centers
                .as_deref()
                .map(wire::contact_centers)
                .transpose()?,
            access_ttl_s: self.access_ttl_seconds,
            refresh_ttl_s: self.refresh_ttl_seconds,
            enabled: self.enabled,
            ..UpdateClient::default()
        })
    }

    fn agrees_with(&self, stored: &Client) -> Result<(), Error> {
        let sent = [
            ("id", &self.id),
            ("clientId", &self.client_id),
            ("tenant", &self.tenant),
            ("public", &self.public),
            ("created", &self.created),
            ("version", &self.version),
        ];
        agree(&ClientBody::of(stored), &sent)
    }
}

pub(in super::super) fn doc() -> Operation {
    documented("Change a client")
}
