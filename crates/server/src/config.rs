//! What the process decides about HTTP. A plain value, made by `keyward::config`.

use crate::{outgoing::Outgoing, peer::SurfaceSet, tls::Certificate};
use domain::allow_list::AllowList;
use std::{net::SocketAddr, time::Duration};

/// Settings of the HTTP side.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Where clients reach us: issuer and links come from here, never from `Host`.
    pub public_url: String,
    /// Further hosts that are ours.
    pub hosts: Vec<String>,
    /// Peers whose `Forwarded` and `X-Forwarded-For` are believed, and who may call verify. Only the
    /// addresses of the list count.
    pub trusted_proxies: AllowList,
    /// Where to listen.
    pub listeners: Vec<ListenerConfig>,
    /// Lets callers on loopback verify without credentials, unless a proxy stands between.
    pub verify_on_loopback_without_credentials: bool,
    /// Random bytes for the request ids of this process.
    pub request_id_seed: [u8; 16],
    /// How the gateway's calls leave this process.
    pub outgoing: Outgoing,
    /// Deadlines and sizes.
    pub limits: Limits,
}

/// One socket.
#[derive(Clone, Debug)]
pub struct ListenerConfig {
    /// Its address.
    pub address: SocketAddr,
    /// What it serves.
    pub surfaces: SurfaceSet,
    /// With it, TLS and nothing else is spoken there.
    pub certificate: Option<Certificate>,
}

/// Deadlines and sizes (HT-02, HT-03). The defaults are those of docs/configuration.md.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Until a new connection has sent its first byte.
    pub first_byte: Duration,
    /// From the first byte of a request to the end of its header.
    pub header: Duration,
    /// For a body to arrive.
    pub body: Duration,
    /// Without a byte in either direction.
    pub idle: Duration,
    /// For a handler to answer.
    pub request: Duration,
    /// For requests in flight to finish when the server stops.
    pub drain: Duration,
    /// Header fields of a request.
    pub headers: usize,
    /// Bytes of all header fields together.
    pub header_bytes: usize,
    /// Bytes of the path and query.
    pub uri_bytes: usize,
    /// Connections at once; further ones wait in the kernel's queue.
    pub connections: usize,
    /// Requests at once beyond the hot paths; further ones are shed with 503.
    pub in_flight: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(10),
            header: Duration::from_secs(10),
            body: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            request: Duration::from_secs(30),
            drain: Duration::from_secs(10),
            headers: 100,
            header_bytes: 32 * 1024,
            uri_bytes: 8 * 1024,
            connections: 16_384,
            in_flight: 1_024,
        }
    }
}

impl ServerConfig {
    /// The usual settings for an address.
    #[must_use]
    pub fn new(public_url: impl Into<String>, request_id_seed: [u8; 16]) -> Self {
        Self {
            public_url: public_url.into(),
            hosts: Vec::new(),
            trusted_proxies: AllowList::default(),
            listeners: Vec::new(),
            verify_on_loopback_without_credentials: false,
            request_id_seed,
            outgoing: Outgoing::default(),
            limits: Limits::default(),
        }
    }
}
