//! What tenants say of how long their keys live, of what keys must say, and of how many there may be.
//!
//! A policy is of one tenant, or of the cluster for its own keys, and of one key type; the one for `*`
//! governs the types that have none of their own, each by itself. `govern` holds keys against them in
//! the transaction that makes or changes them; `hold` and `release` are the jobs.

mod delete;
mod found;
pub(crate) mod govern;
mod hold;
mod list;
mod release;
mod set;
mod show;

pub use set::SetKeyPolicy;

use crate::{Service, caller::Caller, error::Error};
use domain::{
    id::{KeyId, Scope},
    key_policy::{EVERY_TYPE, KeyPolicy},
    right::Right,
};
use store::Read;

/// Keys that one write of a job holds back or releases.
const WRITTEN_AT_ONCE: usize = 100;
/// Keys that a job looks for at once.
const FOUND_AT_ONCE: u32 = 10_000;

/// Demands the right over the tenant, or over the cluster.
fn require_over(caller: &Caller, scope: Scope) -> Result<(), Error> {
    caller.require(scope, [Right::TenantsManage].into_iter().collect())
}

/// A policy as the audit log names it.
fn subject(policy: &KeyPolicy) -> (&'static str, String) {
    ("key_policy", policy.id())
}

/// A key as the audit log names it.
fn subject_key(id: KeyId) -> (&'static str, String) {
    ("key", id.to_string())
}

/// Demands that the tenant is there.
fn require_tenant(r: &mut Read, scope: Scope) -> Result<(), Error> {
    match scope {
        Scope::Cluster => Ok(()),
        Scope::Tenant(id) => store::tenants::find_by_id(r, id)?.map(|_| ()).ok_or(Error::NotFound),
    }
}

impl Service {
    /// The names of the types that a policy governs, given all policies of its scope.
    fn governed_types(&self, policy: &KeyPolicy, of_scope: &[KeyPolicy]) -> Vec<String> {
        if policy.key_type != EVERY_TYPE {
            return vec![policy.key_type.clone()];
        }
        let has_own = |name: &String| of_scope.iter().any(|other| other.key_type == *name);
        let seeded = self.key_types.seeded().iter().map(|of_type| of_type.name.clone());
        let custom = self.key_types.custom(Some(policy.scope));
        let names = seeded.chain(custom.into_iter().map(|of_type| of_type.name));
        names.filter(|name| !has_own(name)).collect()
    }
}
