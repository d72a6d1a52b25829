//! Keys and their secrets.
//!
//! `write` and `rotate` change them, `find` reads one, `list` reads pages, `load` reads all of them
//! for memory. What may be changed by whom, and how a secret is sealed, is decided above.

mod count;
mod data;
mod due;
mod find;
mod import;
mod list;
mod load;
mod row;
pub(crate) mod secrets;
mod statement;
mod write;

pub use count::{KeyCounts, count, count_each, list_ending};
pub use data::{DataKey, DataKeyFilter, list_data_keys};
pub use due::{DuePosition, find_due_for_update, list_due};
pub use find::{
    changed_at, find_by_id, find_by_lookup, find_for_update, list_by_owner, lookup_taken,
    names_beginning_with,
};
#[cfg(test)]
pub(crate) use import::holders_sql;
pub use import::{Holder, ImportedKey, holders, import, import_line};
#[cfg(test)]
pub(crate) use list::list_in;
pub use list::{KeyFilter, Page, Position, list};
pub use load::unacknowledged_since;
pub use secrets::{current_secrets, rotating, secret_of, secrets_of, set_secrets};
pub use write::{delete, insert, set_unacknowledged_since, update};

pub(crate) use load::{Rows, current, rows, whole};
pub(crate) use write::delete_scope;
