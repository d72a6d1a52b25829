//! `PATCH /v1/issuers/{id}`: what is named changes, the rest stays. What cannot change may be sent back as
//! it is shown.

use super::wire::{self, IssuerBody, MappedBody};
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
use domain::{issuer::Issuer, right::Right, secret::Secret};
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{Error, issuers::UpdateIssuer};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, min_length = 1, max_length = 64, required = false)]
    label: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255, required = false)]
    client_id: Option<Option<String>>,
    /// A new secret; `null` takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1024, required = false)]
    client_secret: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::TokenScope>, max_items = 20, required = false)]
    scopes: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, max_items = 20, required = false)]
    audiences: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::IssuerTokenType>, required = false)]
    token_types: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::IssuerAlgorithm>, required = false)]
    algorithms: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, min_length = 1, max_length = 255, required = false)]
    username_claim: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255, required = false)]
    roles_claim: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<MappedBody>, max_items = 100, required = false)]
    role_map: Option<Vec<MappedBody>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    sign_in: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    callers: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    id: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    tenant: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    name: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    issuer: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    has_client_secret: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    source: Option<Value>,
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
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(mut request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let id = wire::id(&id)?;
    let change = UpdateIssuer { if_version: etag::if_match(&headers)?, ..request.take_change()? };
    let agree = |stored: &Issuer| request.agrees_with(stored);
    let after = app.service().update_issuer(&caller, id, change, agree).await?;
    Ok(wire::shown(StatusCode::OK, &after))
}

impl Request {
    fn take_change(&mut self) -> Result<UpdateIssuer, Error> {
        Ok(UpdateIssuer {
            label: self.label.take(),
            client_id: self.client_id.take(),
            secret: self.client_secret.take().map(|secret| secret.map(Secret::new)),
            scopes: self.scopes.take(),
            audiences: self.audiences.take(),
            token_types: self.token_types.as_deref().map(wire::token_types).transpose()?,
            algorithms: self.algorithms.as_deref().map(wire::algorithms).transpose()?,
            username_claim: self.username_claim.take(),
            roles_claim: self.roles_claim.take(),
            role_map: self.role_map.take().map(wire::role_map),
            sign_in: self.sign_in,
            callers: self.callers,
            enabled: self.enabled,
            if_version: None,
        })
    }

    fn agrees_with(&self, stored: &Issuer) -> Result<(), Error> {
        let sent = [
            ("id", &self.id),
            ("tenant", &self.tenant),
            ("name", &self.name),
            ("issuer", &self.issuer),
            ("hasClientSecret", &self.has_client_secret),
            ("source", &self.source),
            ("created", &self.created),
            ("version", &self.version),
        ];
        agree(&IssuerBody::of(stored), &sent)
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Change an issuer")
        .about(
            "What is named changes, the rest stays; the next sign-in and the next call go by it. `enabled` \
             set to `false` ends the sessions and tokens of everybody whom it signed in. Nobody changes an \
             issuer that gives more than they hold, or one of whose persons holds more. One of the \
             configuration is changed there.",
        )
        .path("id", "The issuer's id.", schema::uuid(), wire::ID)
        .if_match()
        .takes::<Request>(json!({"roleMap": [{"value": "staff", "role": "viewer"}]}))
        .answers::<IssuerBody<'_>>(200, "The issuer as it is now.", wire::example())
        .versioned()
        .fails([
            Error::invalid("issuer", "cannot be changed here; leave it out, or send it as it is"),
            Error::NotAllowed { right: Some(Right::PersonsManage) },
            Error::conflict("configuration", "the configuration of the server holds this"),
        ])
}
