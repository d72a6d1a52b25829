//! Environments: what groups tenants that are deployed together. Callers of the cluster make and see
//! them; they never change.

mod create;
mod list;

pub use create::CreateEnvironment;
pub use list::{EnvironmentPage, ListEnvironments};

use crate::{caller::Caller, error::Error};
use domain::right::Right;

/// Demands that the caller acts for the whole cluster.
fn require_cluster(caller: &Caller) -> Result<(), Error> {
    caller.require_rights([Right::TenantsManage].into_iter().collect())?;
    if caller.is_cluster() { Ok(()) } else { Err(Error::NotAllowed { right: None }) }
}
