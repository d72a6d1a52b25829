//! How calls leave this process: what it decides about them (whom TLS trusts, how names become
//! addresses), and the way from a server's name to a connection that may be.

mod call;
mod connect;

pub(crate) use call::outbound;
pub(crate) use connect::{Line, Tls, connect};

use rustls::pki_types::CertificateDer;
use service::outbound::Outbound;
use std::{fmt, future::Future, io, net::SocketAddr, pin::Pin, sync::Arc};

/// Addresses that are being looked up.
pub type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// How calls leave this process.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// Authorities that upstreams' certificates may come from, besides the public ones.
    pub authorities: Vec<CertificateDer<'static>>,
    /// How names become addresses.
    pub resolver: Resolver,
    /// Makes the calls of use cases instead of the network: for tests.
    pub calls: Option<Outbound>,
}

/// How names become addresses.
#[derive(Clone)]
pub struct Resolver(Arc<dyn Fn(&str, u16) -> Resolving + Send + Sync>);

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolver")
    }
}

impl Default for Resolver {
    /// As the machine does it.
    fn default() -> Self {
        Self::new(|host, port| {
            let host = host.to_owned();
            Box::pin(async move {
                Ok(tokio::net::lookup_host((host.as_str(), port)).await?.collect::<Vec<_>>())
            })
        })
    }
}

impl Resolver {
    /// Looks up with `look_up`.
    pub fn new(look_up: impl Fn(&str, u16) -> Resolving + Send + Sync + 'static) -> Self {
        Self(Arc::new(look_up))
    }

    fn addresses(&self, host: &str, port: u16) -> Resolving {
        (self.0)(host, port)
    }
}
