//! The harness of every test that crosses a crate. It is never part of the program.
#![allow(
    clippy::disallowed_methods,
    reason = "a harness reads the environment, makes random names and starts processes"
)]

pub mod postgres;
