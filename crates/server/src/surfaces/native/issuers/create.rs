//! `POST /v1/issuers`: an issuer that a tenant believes from then on.

use super::wire::{self, IssuerBody, MappedBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::{
    id::{IssuerId, Scope},
    issuer::{Issuer, JwsAlgorithm, TokenType},
    policy::Source,
    right::Right,
    secret::Secret,
};
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use service::{Error, issuers::CreateIssuer};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[schema(value_type = words::RuleName)]
    name: String,
    /// The caller's own tenant where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<words::TenantId>)]
    tenant: Option<String>,
    #[schema(value_type = words::IssuerAddress)]
    issuer: String,
    /// What people read on the sign-in page; the name where it is left out.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    label: Option<String>,
    /// The id under which it knows us: for `signIn`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255)]
    client_id: Option<String>,
    /// The secret by which it knows us; without one we are a public client to it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1024)]
    client_secret: Option<String>,
    /// `openid`, `profile` and `email` where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<Vec<words::TokenScope>>, max_items = 20)]
    scopes: Option<Vec<String>>,
    /// Audiences of which a caller's token must name one: for `callers`.
    #[serde(default)]
    #[schema(max_items = 20)]
    audiences: Vec<String>,
    /// `at+jwt` where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<Vec<words::IssuerTokenType>>)]
    token_types: Option<Vec<String>>,
    /// RS256, PS256, ES256 and EdDSA where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<Vec<words::IssuerAlgorithm>>)]
    algorithms: Option<Vec<String>>,
    /// `preferred_username` where it is left out.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255)]
    username_claim: Option<String>,
    /// Where in the claims roles stand, a path joined by dots.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255)]
    roles_claim: Option<String>,
    /// Which value there becomes which role here; all others become nothing.
    #[serde(default)]
    #[schema(max_items = 100)]
    role_map: Vec<MappedBody>,
    /// Whether it signs in to the realm; where it is left out, whether there is a `clientId`.
    #[serde(default)]
    sign_in: Option<bool>,
    /// Whether its tokens are taken from callers; where it is left out, whether there are `audiences`.
    #[serde(default)]
    callers: Option<bool>,
    #[serde(default)]
    enabled: Option<bool>,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let made = app.service().create_issuer(&caller, request.into_issuer()?).await?;
    Ok(wire::shown(StatusCode::CREATED, &made))
}

impl Request {
    fn into_issuer(self) -> Result<CreateIssuer, Error> {
        let scope = self.tenant.as_deref().map(Scope::parse).transpose();
        let scope = scope.map_err(|_| Error::invalid("tenant", "must be a tenant's id"))?;
        let usual = || ["openid", "profile", "email"].map(str::to_owned).to_vec();
        let algorithms = self.algorithms.as_deref().map(wire::algorithms).transpose()?;
        let types = self.token_types.as_deref().map(wire::token_types).transpose()?;
        Ok(CreateIssuer {
            scope,
            secret: self.client_secret.map(Secret::new),
            issuer: Issuer {
                id: IssuerId::from_u128(0),
                scope: Scope::Cluster,
                label: self.label.unwrap_or_else(|| self.name.clone()),
                name: self.name,
                issuer: self.issuer,
                has_secret: false,
                scopes: self.scopes.unwrap_or_else(usual),
                token_types: types.unwrap_or_else(|| vec![TokenType::AtJwt]),
                algorithms: algorithms.unwrap_or_else(|| JwsAlgorithm::USUAL.to_vec()),
                username_claim: self
                    .username_claim
                    .unwrap_or_else(|| "preferred_username".to_owned()),
                roles_claim: self.roles_claim,
                role_map: wire::role_map(self.role_map),
                sign_in: self.sign_in.unwrap_or(self.client_id.is_some()),
                callers: self.callers.unwrap_or(!self.audiences.is_empty()),
                client_id: self.client_id,
                audiences: self.audiences,
                allow_http: false,
                enabled: self.enabled.unwrap_or(true),
                source: Source::Configuration,
            },
        })
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Create an issuer")
        .about(
            "Makes an OpenID provider believed by a tenant: its persons sign in to the tenant's realm by it \
             (`signIn`), or call this API with its access tokens (`callers`), or both. A person is known by \
             the issuer and its `sub`, never by an e-mail address; the first time makes them, and they hold \
             what `roleMap` gives and what they are given here. Nobody maps a role that allows more than \
             they hold. The issuer is called over https alone, and never at an address within.",
        )
        .takes::<Request>(json!({
            "name": "company",
            "label": "Company sign-in",
            "issuer": "https://sso.example.com/realms/staff",
            "clientId": "keyward",
            "clientSecret": "Zk3vQ8wN2dRu9fCtMbX4a7Eo1LsHyPgJ",
            "audiences": ["keyward-api"],
            "tokenTypes": ["JWT"],
            "rolesClaim": "realm_access.roles",
            "roleMap": [{"value": "keyward-admins", "role": "admin"}],
        }))
        .answers::<IssuerBody<'_>>(201, "The issuer.", wire::example())
        .versioned()
        .fails([
            Error::invalid("issuer", "must begin with `https://`, unless the configuration names it"),
            Error::NotAllowed { right: Some(Right::PersonsManage) },
            Error::conflict("issuer", "this issuer is already in use"),
            Error::NotFound,
        ])
}
