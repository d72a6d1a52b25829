//! Routes of the gateway: which calls go to which upstream, and what they must present.

mod check;
mod presets;
mod upstream;

use check::is_host;
pub use check::{
    MAX_BODY_BYTES, MAX_TIMEOUT_MS, covers, is_call_host, is_prefix_octet, normal_prefix,
};
pub use presets::{PRESETS, Preset, preset};
pub use upstream::FOREIGN_PORTS;

use crate::policy::Policy;

/// One route of the gateway.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GatewayRoute {
    /// What a call must present; its name is the route's.
    pub policy: Policy,
    /// The host of the calls, lower case without a port; `None`: any of the server's own.
    pub host: Option<String>,
    /// The beginning of their path, compared whole segment by whole segment; `/`: all of a host's.
    pub prefix: String,
    /// Where they go.
    pub upstream: Upstream,
    /// Whether the prefix is taken off before the path goes upstream.
    pub strip_prefix: bool,
    /// Whether the secret goes upstream in its place; else it is taken out of the call.
    pub forward_secret: bool,
    /// Whether the upstream sees the client's `Host`; else its own, and the client's in
    /// `X-Forwarded-Host`.
    pub forward_host: bool,
    /// How long the upstream may take.
    pub timeouts: Timeouts,
    /// The longest body of a call; `None`: any.
    pub max_body_bytes: Option<u64>,
}

impl GatewayRoute {
    /// A route of which nothing was said yet but what a call must present, and where it stands and leads.
    #[must_use]
    pub fn unsaid(policy: Policy, prefix: String, upstream: Upstream) -> Self {
        Self {
            policy,
            host: None,
            prefix,
            upstream,
            strip_prefix: false,
            forward_secret: false,
            forward_host: false,
            timeouts: Timeouts::default(),
            max_body_bytes: None,
        }
    }
}

/// Where calls go.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Upstream {
    /// Whether TLS is spoken.
    pub tls: bool,
    /// A name, or an address (an IPv6 one without brackets).
    pub host: String,
    /// The port.
    pub port: u16,
    /// What stands before every path: empty, or `/base` without a `/` at its end.
    pub base: String,
    /// Whether the configuration names it. Any other must be https and is checked, at every connect, not
    /// to be an address within (SS-01).
    pub configured: bool,
}

/// How long an upstream may take, in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timeouts {
    /// Until the connection stands.
    pub connect_ms: u32,
    /// From the end of the request to the head of the answer.
    pub answer_ms: u32,
    /// Without a byte of a body, or of a tunnel, in either direction.
    pub idle_ms: u32,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect_ms: 5_000, answer_ms: 60_000, idle_ms: 300_000 }
    }
}
