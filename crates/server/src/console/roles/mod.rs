//! Roles: what each of them allows, in words. Those that every installation has are only read.

pub(in super::super::console) mod about;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod edit;
mod fields;
pub(super) mod list;
pub(in super::super::console) mod offered;
pub(super) mod show;

use super::{Visitor, places};
use crate::{extract::Query, failure::Failure};
use domain::{id::Scope, right::Role};
use service::Error;

/// The place that an address names.
fn scope(visitor: &Visitor, query: &mut Query) -> Result<Scope, Failure> {
    places::read(visitor, query.0.take_text("tenant").as_deref())
}

/// Refuses what every installation has: nobody changes it, so nothing asks how.
fn require_made(role: &Role) -> Result<(), Failure> {
    match role.is_seeded() {
        true => Err(Failure::Service(Error::NotFound)),
        false => Ok(()),
    }
}

/// Where a role's page is.
fn path(role: &Role, scope: Scope) -> String {
    format!("/console/roles/{}?tenant={scope}", role.name)
}
