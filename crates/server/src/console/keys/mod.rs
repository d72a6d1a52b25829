//! `/console/keys`: the list, and what is done to one key beside it.

pub(super) mod acknowledge;
mod asked;
pub(super) mod audit;
pub(super) mod choose;
pub(super) mod copy;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod disable;
pub(super) mod edit;
pub(super) mod enable;
pub(super) mod end;
mod entries;
pub(super) mod entry;
mod fields;
pub(super) mod find;
mod head;
pub(super) mod list;
pub(super) mod made;
pub(super) mod names;
pub(super) mod once;
mod opened;
mod owners;
mod permitted;
mod read;
pub(super) mod replace;
pub(super) mod reveal;
pub(super) mod revoke;
mod row;
pub(super) mod secrets;
pub(super) mod seen;
pub(super) mod show;
pub(super) mod switch;
mod typed;
pub(super) mod usage;

pub(super) use asked::LIST;
pub(super) use list::{KeysView, behind};
