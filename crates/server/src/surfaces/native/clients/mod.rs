//! `/v1/clients`.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
pub(super) mod regenerate_secret;
pub(super) mod show;
pub(super) mod update;
mod wire;
