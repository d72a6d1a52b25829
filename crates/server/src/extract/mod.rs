//! What handlers take from a request. Every extractor fails with a
//! [`Failure`](crate::failure::Failure), so that nothing of the framework's own texts gets out.
//!
//! Who the caller is was established before (see `access`); [`Caller`], [`MaybeCaller`] and
//! [`Client`] only take it over.

pub mod body;
pub mod caller;
pub mod client;
pub mod form;
pub mod identity;
pub mod json;
mod json_objects;
mod json_path;
mod json_shape;
pub mod path;

pub(crate) use caller::misrouted;
pub use caller::{Caller, Context, MaybeCaller};
pub use client::Client;
pub(crate) use form::is_type;
pub use form::{Form, Parameters, Query};
pub use identity::Identity;
pub use json::{Json, JsonBytes, NoBody, OptionalJson};
pub use path::Path;
