//! The administration of clients, by cluster persons.

pub(super) mod create;
pub(super) mod delete;
mod forms;
pub(super) mod list;
pub(super) mod show;
pub(super) mod update;
mod wire;
