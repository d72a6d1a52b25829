//! Key types: the seeded ones, which never change, and those that tenants make. One operation, one
//! file; what a type lets happen to its keys is data of the type (`domain::key_type`).

mod create;
mod known;
mod list;
mod show;
mod update;

pub use create::CreateKeyType;
pub(crate) use known::KeyTypes;
pub use update::UpdateKeyType;

use crate::{caller::Caller, error::Error, keys::check_limit};
use domain::{
    id::{Scope, TenantId},
    key::MAX_DESCRIPTION_CHARS,
    key_type::KeyType,
    right::{Right, Rights},
};

/// Places in which keys of one type may be presented.
const MAX_PLACES: usize = 8;

/// Demands the right to make and change the types of this tenant.
fn require_over(caller: &Caller, tenant: TenantId) -> Result<(), Error> {
    let needed: Rights = [Right::KeyTypesManage].into_iter().collect();
    caller.require(Scope::Tenant(tenant), needed)
}

/// Checks what may change of a type.
fn check(of_type: &KeyType, nodes: u32) -> Result<(), Error> {
    let bad_text = |d: &str| {
        d.chars().count() > MAX_DESCRIPTION_CHARS || d.chars().any(|c| c.is_control() && c != '\n')
    };
    if of_type.description.as_deref().is_some_and(bad_text) {
        let detail =
            format!("must have at most {MAX_DESCRIPTION_CHARS} characters, no control characters");
        return Err(Error::invalid("description", detail));
    }
    let places = &of_type.presented_in;
    let twice = places.iter().enumerate().any(|(at, p)| places.iter().take(at).any(|q| q == p));
    if !(1..=MAX_PLACES).contains(&places.len()) || twice {
        let detail = format!("must be 1 to {MAX_PLACES} places, each named once");
        return Err(Error::invalid("presentedIn", detail));
    }
    check_limit(of_type.default_limit, nodes)
}

/// A type as the audit log names it: names are a tenant's own.
fn subject(tenant: TenantId, name: &str) -> (&'static str, String) {
    ("key_type", format!("{tenant}/{name}"))
}
