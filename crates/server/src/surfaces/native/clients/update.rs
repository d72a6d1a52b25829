//! `PATCH /v1/clients/{clientId}`: what is named changes, the rest stays. What cannot change may be sent
//! back as it is shown.

use super::wire::{self, ClientBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema, words},
    etag,
    extract::{Caller, Json, Path},
    failure::Failure,
    surfaces::native::members::{agree, given},
};
use axum::extract::State;
use domain::{client::Client, right::Right, secret::Secret};
use http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{Error, clients::UpdateClient};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Name, required = false)]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<words::Description>, required = false)]
    description: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, min_length = 1, max_length = 255, required = false)]
    secret: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::Grant>, required = false)]
    grants: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::TokenScope>, max_items = 100, required = false)]
    scopes: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::TokenScope>, max_items = 100, required = false)]
    optional_scopes: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    consent_required: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Pkce, required = false)]
    pkce: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::AccessTokenType, required = false)]
    access_token_type: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::RedirectUri>, max_items = 100, required = false)]
    redirect_uris: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::RoleName>, max_items = 100, required = false)]
    roles: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::TenantId>, max_items = 100, required = false)]
    contact_centers: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 2_592_000, required = false)]
    access_ttl_seconds: Option<Option<u32>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = u32, minimum = 1, maximum = 31_536_000, required = false)]
    refresh_ttl_seconds: Option<u32>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    id: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    client_id: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    tenant: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    public: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    created: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
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
            optional_scopes: self.optional_scopes.take(),
            consent_required: self.consent_required,
            pkce_optional: wire::pkce(self.pkce.as_deref())?,
            rfc9068: wire::access_token_type(self.access_token_type.as_deref())?,
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
    operation("Change a client")
        .about(
            "Changes what is named. A secret that is new ends the client's tokens, and so does `enabled` \
             set to `false`; the secret that it has already changes nothing. Nobody changes a client \
             that holds more than they do.",
        )
        .path("clientId", "The client's `clientId`.", schema::pattern("^[\\x20-\\x7e]{1,255}$"), "billing")
        .if_match()
        .takes::<Request>(json!({"name": "Billing", "enabled": true}))
        .answers::<ClientBody<'_>>(200, "The client as it is now.", wire::example())
        .versioned()
        .fails([
            Error::invalid("clientId", "cannot be changed here; leave it out, or send it as it is"),
            Error::invalid("redirectUris", "each entry: an absolute address without a fragment"),
            Error::NotAllowed { right: Some(Right::KeysVerify) },
        ])
}
