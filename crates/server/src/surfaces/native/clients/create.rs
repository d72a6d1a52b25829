//! `POST /v1/clients`: a client of a tenant, or of the cluster. A confidential one gets a secret unless
//! the caller chose it.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::{
    client::{Grant, REFRESH_TTL_S},
    id::Scope,
    right::Right,
    secret::Secret,
};
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use service::{Error, clients::CreateClient};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[schema(value_type = words::ClientId)]
    client_id: String,
    /// The caller's own tenant where it is left out; of a caller of the cluster, the cluster.
    #[serde(default)]
    #[schema(value_type = Option<words::Scope>)]
    tenant: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<words::Name>)]
    name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<words::Description>)]
    description: Option<String>,
    #[serde(default)]
    public: Option<bool>,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]+$")]
    secret: Option<String>,
    #[serde(default)]
    /// `client_credentials` where it is left out; of a public client `authorization_code`.
    #[schema(value_type = Option<Vec<words::Grant>>)]
    grants: Option<Vec<String>>,
    #[serde(default)]
    /// `*` where it is left out.
    #[schema(value_type = Option<Vec<words::TokenScope>>, max_items = 100)]
    scopes: Option<Vec<String>>,
    #[serde(default)]
    /// Scopes that a realm gives it only where it asks for them.
    #[schema(value_type = Vec<words::TokenScope>, max_items = 100)]
    optional_scopes: Vec<String>,
    #[serde(default)]
    /// Whether a realm asks the person who signs in to it first.
    consent_required: Option<bool>,
    #[serde(default)]
    /// Whether codes need a challenge (RFC 7636); `optional` is for confidential clients alone.
    #[schema(value_type = Option<words::Pkce>)]
    pkce: Option<String>,
    #[serde(default)]
    /// What the header of its realm's access tokens says; `JWT` where it is left out.
    #[schema(value_type = Option<words::AccessTokenType>)]
    access_token_type: Option<String>,
    #[serde(default)]
    /// Where codes are sent: one at least with the grant `authorization_code`.
    #[schema(value_type = Vec<words::RedirectUri>, max_items = 100)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    /// Roles of its service account.
    #[schema(value_type = Vec<words::RoleName>, max_items = 100)]
    roles: Vec<String>,
    #[serde(default)]
    /// The tenants that a client of the cluster is confined to; none: it serves all.
    #[schema(value_type = Vec<words::TenantId>, max_items = 100)]
    contact_centers: Vec<String>,
    #[serde(default)]
    /// Life of an access token; where it is left out, 600 in a realm and 43200 elsewhere.
    #[schema(minimum = 1, maximum = 2_592_000)]
    access_ttl_seconds: Option<u32>,
    #[serde(default)]
    /// Life of a refresh token; 2592000 where it is left out.
    #[schema(minimum = 1, maximum = 31_536_000)]
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
            optional_scopes: self.optional_scopes,
            consent_required: self.consent_required.unwrap_or(false),
            pkce_optional: wire::pkce(self.pkce.as_deref())?.unwrap_or(false),
            rfc9068: wire::access_token_type(self.access_token_type.as_deref())?.unwrap_or(false),
            redirect_uris: self.redirect_uris,
            addresses_later: false,
            roles: self.roles,
            contact_centers: wire::contact_centers(&self.contact_centers)?,
            authorities: Vec::new(),
            access_ttl_s: self.access_ttl_seconds,
            refresh_ttl_s: self.refresh_ttl_seconds.unwrap_or(REFRESH_TTL_S),
            enabled: self.enabled.unwrap_or(true),
        })
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Create a client")
        .about(
            "Registers a program for tokens: of a tenant, or with `*` of the cluster. A confidential \
             client gets a secret, told in this answer alone, unless `secret` is given; a public one \
             has none. Nobody gives a role that allows more than they hold.",
        )
        .takes::<Request>(json!({"clientId": "billing", "name": "Billing", "roles": ["service"]}))
        .answers::<wire::Made<'_>>(201, "The client.", wire::example_with_secret())
        .versioned()
        .fails([
            Error::invalid("redirectUris", "each entry: an absolute address without a fragment"),
            Error::NotAllowed { right: Some(Right::KeysVerify) },
            Error::NotFound,
            Error::conflict("client_id", "this client id is already in use"),
        ])
}
