//! The table families on a real database: `KEYWARD_TEST_DATABASE` names which (`sqlite` unless told
//! otherwise), and no test names it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod attempts;
mod clients;
mod fixed;
mod import;
mod keys;
mod lists;
mod persons;
mod rules;
mod signing_keys;
mod tenants;
mod tokens;
mod usage;
pub(crate) mod world;
