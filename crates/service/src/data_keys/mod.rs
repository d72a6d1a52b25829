//! The keys of data products (`data-psk`): each is bound to one, which its name says; what a data product
//! is, only the system behind knows.

mod create;
mod delete;
mod extend;
mod list;

pub use create::CreateDataKey;
pub use list::{DataKeyPage, ListDataKeys};
pub use store::keys::DataKey;

use crate::{caller::Caller, error::Error};
use domain::{id::Scope, key_type::DATA_TYPE};

/// The one type of these keys.
const KEY_TYPES: &[&str] = &[DATA_TYPE];

/// Where the caller's data products are: in its one tenant.
fn place(caller: &Caller) -> Result<Scope, Error> {
    caller.bound_to().map(Scope::Tenant).ok_or(Error::NotAllowed { right: None })
}
