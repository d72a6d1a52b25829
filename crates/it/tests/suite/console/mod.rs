//! The console without scripts, in process: what its pages show, and what their forms do. What needs a real
//! browser stands in `chromium`.

mod audit;
mod audit_filters;
mod clients;
mod forgery;
mod headers;
mod key_types;
mod keys_back;
mod keys_end;
mod keys_faults;
mod keys_find;
mod keys_form;
mod keys_form_rules;
mod keys_list;
mod keys_show;
mod looks;
mod next;
mod overview;
mod passwords;
mod pasted;
mod persons;
mod persons_reach;
mod places;
mod psk;
mod reports;
mod roles;
mod rows;
mod secrets;
mod sessions;
mod sessions_nodes;
mod settings;
mod setup;
mod sign_in;
mod smoke;
mod step_ups;
mod strangers;
mod strangers_lists;
mod strangers_things;
mod tenants;
mod tenants_texts;
mod transport;
mod validate;

pub(crate) use forgery::everything;
pub(crate) use next::bypasses;
pub(crate) use rows::{Things, rows, who};
