//! `POST /v1/tenants`.

use super::wire::{self, PolicyBody, TenantBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::{id::TenantId, tenant::Unacknowledged};
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use service::{Error, tenants::CreateTenant};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[schema(value_type = words::Name)]
    name: String,
    /// Its id, where it is known elsewhere already.
    #[serde(default)]
    #[schema(value_type = Option<words::TenantId>)]
    id: Option<String>,
    #[serde(default)]
    #[schema(value_type = Vec<words::Domain>, max_items = 50)]
    domains: Vec<String>,
    /// The environment that it belongs to.
    #[serde(default)]
    #[schema(format = "uuid")]
    environment: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<words::Realm>)]
    realm: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<words::KeyPrefix>)]
    key_prefix: Option<String>,
    /// How its realm signs tokens; `RS256` where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<words::SigningAlgorithm>)]
    signing_algorithm: Option<String>,
    /// The gateway route that its checked calls of OpenConnect go to; without one they are answered.
    #[serde(default)]
    #[schema(value_type = Option<words::RuleName>)]
    openconnect_route: Option<String>,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    #[schema(value_type = Option<words::KeyPolicy>)]
    policy: Option<PolicyBody>,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let tenant = app.service().create_tenant(&caller, request.into_tenant()?).await?;
    Ok(wire::shown(StatusCode::CREATED, &tenant))
}

impl Request {
    fn into_tenant(self) -> Result<CreateTenant, Error> {
        let id = self.id.as_deref().map(TenantId::parse).transpose();
        let policy = self.policy.as_ref().map(PolicyBody::read).transpose()?.unwrap_or_default();
        Ok(CreateTenant {
            id: id.map_err(|_| Error::invalid("id", "must be a UUID"))?,
            name: self.name,
            domains: self.domains,
            environment: self.environment.as_deref().map(wire::environment).transpose()?,
            realm: self.realm,
            auth: None,
            key_prefix: self.key_prefix,
            enabled: self.enabled.unwrap_or(true),
            unacknowledged: policy.unacknowledged.unwrap_or(Unacknowledged::Live),
            allow_list_required: policy.allow_list_required.unwrap_or(false),
            signing_algorithm: wire::algorithm(self.signing_algorithm.as_deref())?
                .unwrap_or_default(),
            warning_days: policy.warning_days.unwrap_or_default(),
            openconnect_route: self.openconnect_route,
        })
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Create a tenant")
        .about(
            "Makes a tenant. Its id, its realm, its prefix and each of its domains belong to one tenant of \
             the installation; a prefix is never free again. Only callers of the cluster may.",
        )
        .takes::<Request>(json!({
            "name": "Acme",
            "domains": ["acme"],
            "realm": "acme",
            "keyPrefix": "acme_",
            "policy": {"unacknowledged": "lapse", "lapseMinutes": 60},
        }))
        .answers::<TenantBody<'_>>(201, "The tenant.", wire::example())
        .versioned()
        .fails([
            Error::invalid("domains", "must not be named twice"),
            Error::conflict("realm", "this realm is already in use"),
        ])
}
