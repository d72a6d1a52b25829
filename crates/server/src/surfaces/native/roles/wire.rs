//! A role on our own wire.

use crate::{
    answer::{self, Body},
    etag,
};
use domain::right::{Right, Rights, Role};
use http::{Response, StatusCode};
use serde::Serialize;
use service::Error;

/// A role.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoleBody<'a> {
    tenant: String,
    name: &'a str,
    rights: Vec<&'static str>,
    cluster_only: bool,
    seeded: bool,
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
