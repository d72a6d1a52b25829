//! A role on our own wire.

use crate::{
    answer::{self, Body},
    document::words,
    etag,
};
use domain::right::{Right, Rights, Role};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use service::Error;
use utoipa::ToSchema;

/// A role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Role)]
pub(super) struct RoleBody<'a> {
    /// The tenant whose role it is; `*` for those of every installation and of the cluster.
    #[schema(value_type = words::Scope)]
    tenant: String,
    name: &'a str,
    rights: Vec<&'static str>,
    /// Whether only persons and clients of the cluster can hold it.
    cluster_only: bool,
    /// Whether every installation has it as it is.
    seeded: bool,
    #[schema(value_type = words::Version)]
    version: u32,
}

impl<'a> RoleBody<'a> {
    pub(super) fn of(role: &'a Role) -> Self {
        Self {
            tenant: role.scope.to_string(),
            name: &role.name,
            rights: role.rights.iter().map(Right::as_str).collect(),
            cluster_only: role.cluster_only,
            seeded: role.is_seeded(),
            version: role.version,
        }
    }
}

/// A role as the answer, its version as the entity tag.
pub(super) fn shown(status: StatusCode, role: &Role) -> Response<Body> {
    etag::add(answer::json(status, &RoleBody::of(role)), role.version)
}

/// The rights of a body.
pub(super) fn rights(texts: &[String]) -> Result<Rights, Error> {
    let read = |text: &String| {
        Right::parse(text)
            .ok_or_else(|| Error::invalid("rights", "each entry: one of those of `GET /v1/rights`"))
    };
    texts.iter().map(read).collect()
}

/// A role in the documentation.
pub(super) fn example() -> Value {
    json!({
        "tenant": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
        "name": "auditor",
        "rights": ["Audit.canRead"],
        "clusterOnly": false,
        "seeded": false,
        "version": 1,
    })
}
