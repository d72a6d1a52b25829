//! What operations of this wire have in common: the contact center, ids in paths.

use crate::{document::words, failure::Failure};
use domain::{id::TenantId, tenant::Tenant};
use serde::Serialize;
use serde_json::{Value, json};
use service::Error;
use utoipa::ToSchema;

/// The contact center of the documentation.
pub(super) const CCID: &str = "ed4c03f3-6275-4419-8b2b-11d14af10655";

/// A contact center: a tenant, in this wire's words.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ContactCenter)]
pub(super) struct ContactCenterBody<'a> {
    /// The CCID.
    #[schema(value_type = words::TenantId)]
    id: String,
    #[schema(format = "uuid")]
    environment_id: Option<String>,
    #[schema(value_type = Vec<words::Domain>)]
    domains: &'a [String],
    /// How its people sign in elsewhere; kept and given back.
    auth: &'a str,
}

impl<'a> ContactCenterBody<'a> {
    pub(super) fn of(tenant: &'a Tenant) -> Self {
        Self {
            id: tenant.id.to_string(),
            environment_id: tenant.environment.map(|id| id.to_string()),
            domains: &tenant.domains,
            auth: &tenant.auth,
        }
    }
}

/// The id in a path. Anything else names nothing.
pub(super) fn ccid(text: &str) -> Result<TenantId, Failure> {
    TenantId::parse(text).map_err(|_| Failure::Service(Error::NotFound))
}

/// The contact center that the examples show.
pub(super) fn example() -> Value {
    json!({
        "id": CCID,
        "environmentId": "28b1cb24-ee80-4b3b-8d4f-36ea0b3f9a0f",
        "domains": ["t100"],
        "auth": "configServer",
    })
}
