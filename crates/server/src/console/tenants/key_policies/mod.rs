//! What a contact center, or the installation for its own keys, says of the lives and the number of keys.

pub(in super::super) mod delete;
mod fields;
pub(in super::super) mod list;
pub(in super::super) mod set;

use crate::failure::Failure;
use domain::id::Scope;
use service::Error;

/// Whose keys, in an address: an id or `*`.
fn scope(text: &str) -> Result<Scope, Failure> {
    Scope::parse(text).map_err(|_| Failure::Service(Error::NotFound))
}
