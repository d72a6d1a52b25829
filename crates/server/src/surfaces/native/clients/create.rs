//! `POST /v1/clients`: a client of a tenant, or of the cluster. A confidential one gets a secret unless
//! the caller chose it.

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
use domain::{
    client::{ACCESS_TTL_S, Grant, REFRESH_TTL_S},
    id::Scope,
    secret::Secret,
};
use http::{Response, StatusCode};
use serde::Deserialize;
use service::{Error, clients::CreateClient};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    client_id: String,
    #[serde(default)]
    tenant: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    public: Option<bool>,
    #[serde(default)]
    secret: Option<String>,
    #[serde(default)]
    grants: Option<Vec<String>>,
    #[serde(default)]
    scopes: Option<Vec<String>>,
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    contact_centers: Vec<String>,
    #[serde(default)]
    access_ttl_seconds: Option<u32>,
    #[serde(default)]
    refresh_ttl_seconds: Option<u32>,
    #[serde(default)]
    enabled: Option<bool>,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let wanted = request.into_client(&caller)?;
    let made = app.service().create_client(&caller, wanted).await?;
    Ok(wire::with_secret(StatusCode::CREATED, &made))
}

impl Request {
    fn into_client(self, caller: &service::Caller) -> Result<CreateClient, Error> {
        let scope = match &self.tenant {
            Some(text) => Scope::parse(text)
                .map_err(|_| Error::invalid("tenant", "must be a tenant's id or `*`"))?,
            None => caller.own_scope()?,
        };
        let public = self.public.unwrap_or(false);
        let usual = if public { Grant::AuthorizationCode } else { Grant::ClientCredentials };
        Ok(CreateClient {
            scope,
            name: self.name.unwrap_or_else(|| self.client_id.clone()),
            client_id: self.client_id,
            description: self.description,
            public,
            secret: self.secret.map(Secret::new),
            make_secret: true,
            grants: self.grants.as_deref().map_or(Ok(vec![usual]), wire::grants)?,
            scopes: self.scopes.unwrap_or_else(|| vec!["*".to_owned()]),
            redirect_uris: self.redirect_uris,
            roles: self.roles,
            contact_centers: wire::contact_centers(&self.contact_centers)?,
            authorities: Vec::new(),
            access_ttl_s: self.access_ttl_seconds.unwrap_or(ACCESS_TTL_S),
            refresh_ttl_s: self.refresh_ttl_seconds.unwrap_or(REFRESH_TTL_S),
            enabled: self.enabled.unwrap_or(true),
        })
    }
}

pub(in super::super) fn doc() -> Operation {
    documented("Create a client")
}
