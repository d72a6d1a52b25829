//! `POST /auth/v3/ops/clients`

use super::{
    super::envelope::{self, Wrapped},
    wire::{ClientData, ClientType, Shown, roles},
};
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, Json},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::{
    client::{ACCESS_TTL_S, Grant, REFRESH_TTL_S},
    id::Scope,
};
use http::Response;
use service::clients::CreateClient;

pub(in super::super) fn doc() -> Operation {
    documented("Makes a client")
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
    let client_id = data
        .client_id
        .ok_or_else(|| service::Error::invalid("clientId", "the member is missing"))?;
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
        redirect_uris: data.redirect_uris.unwrap_or_default(),
        roles: roles(&authorities),
        contact_centers,
        authorities,
        access_ttl_s: data.access_token_expiration_timeout.unwrap_or(ACCESS_TTL_S),
        refresh_ttl_s: data.refresh_token_expiration_timeout.unwrap_or(REFRESH_TTL_S),
        enabled: true,
    })
}
