//! Environments: what groups contact centers that are deployed together.

pub(super) mod create;
pub(super) mod list;
mod wire;
