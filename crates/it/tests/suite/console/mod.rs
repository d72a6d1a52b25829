//! The console without scripts, in process: what its pages show, and what their forms do. What needs a real
//! browser stands in `chromium`.

mod audit;
mod clients;
mod forgery;
mod headers;
mod key_types;
mod keys_end;
mod keys_find;
mod keys_form;
mod keys_form_rules;
mod keys_list;
mod keys_show;
mod looks;
mod next;
mod overview;
mod pasted;
mod persons;
mod persons_reach;
mod psk;
mod roles;
mod rows;
mod secrets;
mod sessions;
mod settings;
mod setup;
mod sign_in;
mod smoke;
mod strangers;
mod tenants;
mod tenants_texts;
mod transport;
mod validate;
