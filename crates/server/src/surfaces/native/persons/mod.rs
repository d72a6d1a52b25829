//! `/v1/persons`.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
pub(super) mod set_password;
pub(super) mod show;
pub(super) mod unlock;
pub(super) mod update;
mod wire;

pub(super) use wire::id;
