//! The harness of every test that crosses a crate. It is never part of the program.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::missing_panics_doc,
    reason = "a harness reads the environment, makes random names, starts processes, and fails loudly"
)]

pub mod api_keys;
pub mod browser;
pub mod caller;
pub mod chromium;
pub mod client;
pub mod console;
pub mod documented;
pub mod faults;
pub mod json_schema;
pub mod people;
pub mod postgres;
pub mod process;
pub mod provider;
pub mod proxy;
pub mod recorder;
mod tables;
pub mod transcript;
pub mod upstream;
pub mod wire;
pub mod world;

pub use browser::Browser;
pub use caller::{Answer, Caller};
pub use world::World;
