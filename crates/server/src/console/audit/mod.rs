//! What was done: the whole log, filtered; taken along as a file; and whether it is whole. The events of one
//! key are a tab of its page (`keys/audit.rs`).

mod actions;
mod asked;
pub(super) mod check;
mod event;
pub(super) mod export;
pub(super) mod list;
mod value;

pub(super) use event::EventView;
pub(super) use list::{PAGE, count};
