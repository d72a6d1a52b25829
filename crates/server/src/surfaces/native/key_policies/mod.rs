//! What tenants say of the lives and the number of their keys, on our own wire.

pub(super) mod delete;
pub(super) mod list;
pub(super) mod set;
pub(super) mod show;
mod wire;
