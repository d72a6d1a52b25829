//! `PUT /auth/v3/ops/clients/{client_id}`: what is left out stays.

use super::{
    super::envelope::{self, Wrapped},
    forms,
    wire::{self, ClientData, ClientType, Shown, roles},
};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Json, Path},
    failure::Failure,
};
use axum::extract::State;
use domain::client::Client;
use http::Response;
use serde_json::json;
use service::{Error, clients::UpdateClient};

pub(in super::super) fn doc() -> Operation {
    operation("Change a client of this wire")
        .about(
            "What is left out stays. `client_id` and `clientType` cannot change; saying what is stored \
             is no change. An empty secret changes nothing; a new one ends the client's tokens. Nobody \
             changes a client that holds more than they do.",
        )
        .path("client_id", "The id that the client presents.", schema::text(1, 255), "gateway")
        .takes_as(
            "application/json",
            forms::change(),
            json!({"data": {"redirectURIs": ["https://wwe.example.com"]}}),
        )
        .answers_as(
            200,
            "The client as it is then.",
            "application/json",
            forms::client(),
            json!({"status": {"code": 0}, "data": forms::example()}),
        )
        .fails([
            Error::invalid("clientId", "the id of a client cannot change"),
            Error::invalid("public", "the type of a client cannot change; make another client"),
            Error::invalid("redirectUris", "each entry: an absolute address without a fragment"),
        ])
}

pub(in super::super) async fn update_client(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(client_id): Path<String>,
    Json(request): Json<Wrapped<ClientData>>,
) -> Result<Response<Body>, Failure> {
    let mut data = request.data;
    if data.client_id.as_ref().is_some_and(|id| *id != client_id) {
        return Err(Error::invalid("clientId", "the id of a client cannot change").into());
    }
    let change = UpdateClient {
        // An empty secret in a form that was filled in halfway is no wish to lose the stored one.
        secret: data.take_secret()?.filter(|secret| !secret.expose().is_empty()),
        grants: data.grants()?,
        contact_centers: data.contact_centers()?,
        public: data.client_type.map(|t| t == ClientType::Public),
        name: data.name,
        description: data.description.map(|text| (!text.is_empty()).then_some(text)),
        scopes: data.scope,
        optional_scopes: None,
        consent_required: None,
        pkce_optional: None,
        rfc9068: None,
        redirect_uris: data.redirect_uris,
        addresses_later: true,
        roles: data.authorities.as_deref().map(roles),
        authorities: data.authorities,
        access_ttl_s: data.access_token_expiration_timeout.map(Some),
        refresh_ttl_s: data.refresh_token_expiration_timeout,
        ..UpdateClient::default()
    };
    let named = change.contact_centers.clone();
    let agree = |client: &Client| wire::check_place(client, named.as_deref());
    let client = app.service().update_client(&caller, &client_id, change, agree).await?;
    Ok(envelope::with_data(&Shown::of(&client)))
}
