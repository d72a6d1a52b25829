//! API keys of contact centers: the keys of Callback.

pub(super) mod assign;
pub(super) mod list;
pub(super) mod look_up;
pub(super) mod unassign;
mod wire;
