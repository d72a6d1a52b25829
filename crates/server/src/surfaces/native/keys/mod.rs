//! `/v1/keys`.

pub(super) mod acknowledge;
mod allow_list;
pub(super) mod audit;
pub(super) mod copy;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod disable;
pub(super) mod enable;
pub(super) mod export;
pub(super) mod import;
pub(super) mod inspect_jwt;
pub(super) mod list;
pub(super) mod regenerate;
pub(super) mod reveal;
pub(super) mod revoke;
pub(super) mod rotate;
pub(super) mod show;
pub(super) mod update;
pub(super) mod usage;
pub(super) mod validate;
pub(super) mod verify;
pub(super) mod verify_batch;
mod warned;
mod wire;
