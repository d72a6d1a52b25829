//! Key types on our own wire.

pub(super) mod create;
pub(super) mod list;
pub(super) mod show;
pub(super) mod update;
pub(super) mod wire;
