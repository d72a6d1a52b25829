//! The administration of clients, by cluster persons.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
pub(super) mod show;
pub(super) mod update;
mod forms;
mod wire;
