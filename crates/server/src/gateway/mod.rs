//! The gateway: calls that are held to a policy and then sent on to an upstream.

mod outgoing;

pub use outgoing::{Outgoing, Resolver, Resolving};
