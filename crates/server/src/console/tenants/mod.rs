//! Contact centers: what `/v1` calls tenants. The installation's administrators see all of them, make and
//! end them; a contact center's own sees and changes its own.

pub(super) mod cors;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod disable;
pub(super) mod edit;
pub(super) mod enable;
mod fields;
mod head;
pub(super) mod key_policies;
pub(super) mod list;
pub(super) mod show;

use crate::failure::Failure;
use domain::id::TenantId;
use service::Error;

/// The id in an address. Anything else names nothing.
fn id(text: &str) -> Result<TenantId, Failure> {
    TenantId::parse(text).map_err(|_| Failure::Service(Error::NotFound))
}
