//! `POST /auth/v3/ops/clients`

use super::{
    super::envelope::{self, Wrapped},
    forms,
    wire::{ClientData, ClientType, Shown, roles},
};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::{
    client::{Grant, REFRESH_TTL_S},
    id::Scope,
};
use http::Response;
use serde_json::json;
use service::{Error, clients::CreateClient};

pub(in super::super) fn doc() -> Operation {
    operation("Create a client of this wire")
        .about(
            "Registers a program that asks for tokens. `authorities`, whatever they are called, come \
             to the role `service` over `contactCenterIds`; without those over the whole cluster. \
             Nobody gives a client more than they hold. The secret goes in and never comes out; a \
             client with `\"clientType\":\"PUBLIC\"` has none, every other one needs one. Members stand \
             under `data`; unknown ones are let pass.",
        )
        .takes_as(
            "application/json",
            forms::creation(),
            json!({"data": {
                "client_id": "gateway",
                "client_secret": "long-enough-to-be-nobodys-guess",
                "clientType": "CONFIDENTIAL",
                "authorizedGrantTypes": ["client_credentials"],
                "scope": ["*"],
                "authorities": ["ROLE_GATEWAY"],
                "contactCenterIds": ["578ec98e-f07c-46ad-9675-f36c22f3ba9f"],
            }}),
        )
        .answers_as(
            200,
            "The client as it was registered, without its secret.",
            "application/json",
            forms::client(),
            json!({"status": {"code": 0}, "data": forms::example()}),
        )
        .fails([
            Error::invalid("clientId", "the member is missing"),
            Error::invalid("secret", "a confidential client needs one; only a public client has none"),
            Error::invalid("grants", "each entry: authorization_code, client_credentials, password or refresh_token"),
            Error::invalid("contactCenters", "each entry: the id of a contact center"),
            Error::conflict("client_id", "it exists already"),
            Error::NotFound,
        ])
}

pub(in super::super) async fn create_client(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Wrapped<ClientData>>,
) -> Result<Response<Body>, Failure> {
    let request = read(request.data)?;
    let made = app.service().create_client(&caller, request).await?;
    Ok(envelope::with_data(&Shown::of(&made.client)))
}

fn read(mut data: ClientData) -> Result<CreateClient, Failure> {
    let secret = data.take_secret()?;
    let grants = data.grants()?;
    let contact_centers = data.contact_centers()?.unwrap_or_default();
    let client_id =
        data.client_id.ok_or_else(|| Error::invalid("clientId", "the member is missing"))?;
    let authorities = data.authorities.unwrap_or_default();
    Ok(CreateClient {
        scope: Scope::Cluster,
        name: data.name.unwrap_or_else(|| client_id.clone()),
        client_id,
        description: data.description,
        public: data.client_type == Some(ClientType::Public),
        secret,
        make_secret: false,
        // What clients get elsewhere on this wire when nothing is said.
        grants: grants.unwrap_or_else(|| vec![Grant::AuthorizationCode, Grant::RefreshToken]),
        scopes: data.scope.unwrap_or_else(|| vec!["*".to_owned()]),
        optional_scopes: Vec::new(),
        consent_required: false,
        pkce_optional: false,
        rfc9068: false,
        redirect_uris: data.redirect_uris.unwrap_or_default(),
        addresses_later: true,
        roles: roles(&authorities),
        contact_centers,
        authorities,
        access_ttl_s: data.access_token_expiration_timeout,
        refresh_ttl_s: data.refresh_token_expiration_timeout.unwrap_or(REFRESH_TTL_S),
        enabled: true,
    })
}
