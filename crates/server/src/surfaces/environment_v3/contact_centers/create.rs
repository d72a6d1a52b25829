//! `POST /environment/v3/contact-centers`: makes a tenant.

use super::{environment, no_domain};
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, words},
    extract::Caller,
    failure::Failure,
    surfaces::environment_v3::{
        envelope::{self, Data, missing},
        wire::{self, CCID},
    },
};
use axum::extract::State;
use domain::{id::TenantId, tenant::Unacknowledged};
use http::Response;
use serde::Deserialize;
use serde_json::json;
use service::{Error, tenants::CreateTenant};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ContactCenterCreated)]
pub(in super::super) struct Request {
    /// Its id, where it is known elsewhere already.
    #[serde(default)]
    #[schema(value_type = Option<words::TenantId>)]
    id: Option<String>,
    /// The first one names it.
    #[serde(default)]
    #[schema(value_type = Vec<words::Domain>, required = true, min_items = 1, max_items = 50)]
    domains: Option<Vec<String>>,
    /// The environment that it belongs to.
    #[serde(default)]
    #[schema(format = "uuid")]
    environment_id: Option<String>,
    /// How its people sign in elsewhere; kept and given back.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255)]
    auth: Option<String>,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Data(request): Data<Request>,
) -> Result<Response<Body>, Failure> {
    let made = app.service().create_tenant(&caller, request.into_tenant()?).await?;
    Ok(envelope::made(&format!("/contact-centers/{}", made.id), None))
}

impl Request {
    fn into_tenant(self) -> Result<CreateTenant, Failure> {
        let id = self.id.as_deref().map(TenantId::parse).transpose();
        let domains = self.domains.ok_or_else(|| missing("domains"))?;
        Ok(CreateTenant {
            id: id.map_err(|_| Error::invalid("id", "must be a UUID"))?,
            name: domains.first().map(|d| d.to_ascii_lowercase()).ok_or_else(no_domain)?,
            domains,
            environment: self.environment_id.as_deref().map(environment).transpose()?,
            realm: None,
            auth: self.auth,
            key_prefix: None,
            enabled: true,
            unacknowledged: Unacknowledged::Live,
            allow_list_required: false,
            signing_algorithm: domain::signing::Algorithm::default(),
            warning_days: domain::tenant::WarningDays::default(),
            openconnect_route: None,
        })
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Add a contact center")
        .about(
            "The published command; only callers of the cluster may. A contact center is a tenant of the \
             whole installation: its first domain is its name, its people sign in as `domain\\user`, and \
             it has no realm until `/v1/tenants` gives it one. Domains hold no period, and each belongs to \
             one tenant.\n\nOur choices: without `id` it is made; without `environmentId` it belongs to no \
             environment; `auth` is `configServer` unless it says something else.",
        )
        .takes_as(
            "application/json",
            envelope::request("ContactCenterToCreate", Named::of::<Request>()),
            json!({"data": wire::example()}),
        )
        .answers_as(
            200,
            "It is added.",
            "application/json",
            envelope::creation(),
            json!({"status": {"code": 0}, "path": format!("/contact-centers/{CCID}")}),
        )
        .fails([
            no_domain(),
            Error::invalid("domains", "must not be named twice"),
            Error::conflict("domain", "this domain is already in use"),
            Error::conflict("environment", "there is no such environment"),
        ])
}
