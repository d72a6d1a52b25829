//! Policies on our own wire. Routes of the gateway say the same and more: `gateway_routes`.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
pub(super) mod request;
pub(super) mod show;
pub(super) mod update;
pub(super) mod wire;
