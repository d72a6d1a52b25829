//! What realms sign with, on our own wire.

pub(super) mod list;
pub(super) mod rotate;
mod wire;
