//! `PUT /auth/v3/ops/clients/{client_id}`: what is left out stays.

use super::{
    super::envelope::{self, Wrapped},
    wire::{self, ClientData, ClientType, Shown, roles},
};
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, Json, Path},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::client::Client;
use http::Response;
use service::clients::UpdateClient;

pub(in super::super) fn doc() -> Operation {
    documented("Changes the given settings of a client")
}

pub(in super::super) async fn update_client(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(client_id): Path<String>,
    Json(request): Json<Wrapped<ClientData>>,
) -> Result<Response<Body>, Failure> {
    let mut data = request.data;
    if data.client_id.as_ref().is_some_and(|id| *id != client_id) {
        return Err(service::Error::invalid("clientId", "the id of a client cannot change").into());
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
        redirect_uris: data.redirect_uris,
        roles: data.authorities.as_deref().map(roles),
        authorities: data.authorities,
        access_ttl_s: data.access_token_expiration_timeout,
        refresh_ttl_s: data.refresh_token_expiration_timeout,
        ..UpdateClient::default()
    };
    let named = change.contact_centers.clone();
    let agree = |client: &Client| wire::check_place(client, named.as_deref());
    let client = app.service().update_client(&caller, &client_id, change, agree).await?;
    Ok(envelope::with_data(&Shown::of(&client)))
}
