//! What persons agreed to.

pub(super) mod list;
pub(super) mod revoke;
