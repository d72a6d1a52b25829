//! HTTP and JSON. The only crate that knows either.
//!
//! A request goes `listener` → [`mod@app`] → `front` (hot paths) or `router` (the list of surfaces) → the
//! access check → a handler file of a surface → a use case of `service`. Whatever fails on the way is
//! a [`failure::Failure`], rendered in the style of the route and logged once, in `middleware`.
//! Read `router` for what is served and [`route`] for what a row of a table says.

pub mod access;
mod activity;
pub mod answer;
pub mod app;
mod audit_lines;
mod browser;
mod check;
pub mod client_address;
pub mod config;
mod connection;
mod console;
pub mod credentials;
mod decimal;
mod docs;
pub mod document;
pub mod endings;
pub mod enforce;
mod error_style;
pub mod etag;
pub mod ext_authz;
pub mod extract;
pub mod failure;
mod figures;
mod flood;
mod frame;
pub mod front;
pub mod gateway;
pub mod hosts;
pub mod idempotency;
pub mod listener;
mod middleware;
mod oauth;
pub mod ops;
pub mod outgoing;
pub mod peer;
pub mod rate_limit_headers;
pub mod request_id;
mod reserved;
pub mod route;
pub mod router;
mod socket;
mod streamed;
mod surfaces;
pub mod tls;
mod trace;
pub mod traffic;
mod verify_caller;
mod whole_list;

pub use app::{App, AppService, app};
pub use config::{Limits, ListenerConfig, ServerConfig};
pub use frame::Counters;
pub use listener::{Listeners, serve};
pub use peer::Peer;
pub use reserved::reserved_paths;
pub use router::routes;
