//! The origins of browsers that tenants let call. The old way replaces the whole list, the new one adds
//! and removes one origin at a time; `domain::cors` says which of the lists counts. One operation, one
//! file.

mod create_origin;
mod delete_origin;
mod known;
mod list;
mod show;
mod update_settings;

pub(crate) use known::KnownOrigins;
pub use known::Origins;
pub use update_settings::UpdateCorsSettings;

use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::{AuditEvent, Origin},
    cors::{Cors, NotAnOrigin, WebOrigin},
    id::{Scope, TenantId},
    right::Right,
};
use store::{Committed, Tx};

/// What an origin may be, for whoever gave something else.
const WANTED: &str = "must be an origin such as `https://shop.example` or `http://localhost:3000`: no path, \
     no user, no `*`, not `null`";

impl Service {
    /// The origins of browsers that tenants let call, as of now.
    #[must_use]
    pub fn origins(&self) -> Origins<'_> {
        Origins(&self.0.origins)
    }
}

/// Demands the right over one tenant: its own administrator's, or the cluster's.
fn require_over(caller: &Caller, tenant: TenantId) -> Result<(), Error> {
    caller.require(Scope::Tenant(tenant), [Right::TenantsManage].into_iter().collect())
}

/// Reads an origin that a request named.
fn origin(text: &str) -> Result<WebOrigin, Error> {
    WebOrigin::parse(text).map_err(|NotAnOrigin| Error::invalid("origin", WANTED))
}

/// Writes what became of a tenant's lists, as what the audit log calls `action`.
fn commit(
    tx: &mut Tx,
    (action, origin): (&'static str, &Origin),
    before: &Cors,
    after: Cors,
) -> Result<Committed<Cors>, store::Error> {
    let after = Cors { version: before.version.saturating_add(1), ..after };
    store::cors::save(tx, &after)?;
    let (scope, subject) = (Scope::Tenant(after.tenant), ("cors", after.tenant.to_string()));
    let event = AuditEvent::new(action, scope, origin.clone(), subject)
        .before(before.facts())
        .after(after.facts());
    tx.commit(event, after)
}
