//! What Keyward's things are and what is true of them.
//!
//! Pure values and rules: ids, secrets, key types, keys, permissions, rights, the order of the
//! verdict, the arithmetic of limits, audit events. No I/O, no clock, no SQL, no HTTP, no serde:
//! time and randomness are parameters. Read [`verdict`] first, then [`key_type`] and [`key`].

pub mod actor;
pub mod allow_list;
pub mod audit;
pub mod base62;
pub mod client;
pub mod cors;
pub mod gateway_route;
pub mod id;
pub mod issuer;
pub mod key;
pub mod key_policy;
pub mod key_type;
pub mod permission;
pub mod person;
pub mod policy;
pub mod public_address;
pub mod rate_limit;
pub mod right;
pub mod secret;
pub mod session;
pub mod signing;
pub mod tenant;
pub mod time;
pub mod token;
pub mod verdict;
