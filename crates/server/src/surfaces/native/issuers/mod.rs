//! Issuers outside on our own wire: a file for each operation. What an issuer says of persons becomes
//! roles here only as its map has it.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
pub(super) mod show;
pub(super) mod update;
mod wire;
