//! From an upstream to a connection that speaks: look up, check, connect, shake hands.
//!
//! The configuration's upstreams are the operator's word: any address, with TLS or without. All others
//! are somebody's who may not look into our network: TLS alone, few ports, and every address that the
//! name has at this very connect must be public (SS-01, SS-02). The socket goes to an address that was
//! checked; the name is not looked up a second time.

use super::Outgoing;
use crate::socket;
use domain::{
    gateway_route::{FOREIGN_PORTS, Upstream},
    public_address::is_public,
};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

/// The names of protocols as TLS negotiates them.
const HTTP2: &[u8] = b"h2";
const HTTP1: &[u8] = b"http/1.1";

/// TLS as calls to upstreams speak it, with and without HTTP/2 on offer.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    both: Arc<ClientConfig>,
    http1: Arc<ClientConfig>,
}

impl Tls {
    /// With the public authorities and these.
    pub(crate) fn new(outgoing: &Outgoing) -> Self {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        for authority in &outgoing.authorities {
            if let Err(error) = roots.add(authority.clone()) {
                tracing::warn!(%error, "an authority of upstreams cannot be used");
            }
        }
        let http1 = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let mut both = http1.clone();
        both.alpn_protocols = vec![HTTP2.to_vec(), HTTP1.to_vec()];
        let mut http1 = http1;
        http1.alpn_protocols = vec![HTTP1.to_vec()];
        Self { both: Arc::new(both), http1: Arc::new(http1) }
    }
}

/// A connection to an upstream.
pub(crate) type Line = socket::Line<TlsStream<TcpStream>>;

impl Line {
    /// Whether HTTP/2 was agreed on.
    pub(crate) fn is_http2(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Tls(stream) => stream.get_ref().1.alpn_protocol() == Some(HTTP2),
        }
    }
}

/// Connects. How long that may take is the caller's affair.
///
/// # Errors
/// No address, none that is allowed, none that answers, or no certificate that holds.
pub(crate) async fn connect(
    upstream: &Upstream,
    outgoing: &Outgoing,
    tls: &Tls,
    http2: bool,
) -> io::Result<Line> {
    let addresses = checked_addresses(upstream, outgoing).await?;
    let mut failed = refused("the name has no address");
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return greet(stream, upstream, tls, http2).await,
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// Where the upstream is, now; one address that is not allowed spoils them all, or a name with two
/// addresses would be a way to try them out.
async fn checked_addresses(
    upstream: &Upstream,
    outgoing: &Outgoing,
) -> io::Result<Vec<SocketAddr>> {
    if !upstream.configured {
        if !upstream.tls {
            return Err(refused("the upstream is not https"));
        }
        if !FOREIGN_PORTS.contains(&upstream.port) {
            return Err(refused("the upstream's port is not allowed"));
        }
    }
    let addresses = match upstream.host.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, upstream.port)],
        Err(_) => outgoing.resolver.addresses(&upstream.host, upstream.port).await?,
    };
    if !upstream.configured && !addresses.iter().all(|address| is_public(address.ip())) {
        return Err(refused("the upstream's address is not a public one"));
    }
    Ok(addresses)
}

async fn greet(stream: TcpStream, upstream: &Upstream, tls: &Tls, http2: bool) -> io::Result<Line> {
    stream.set_nodelay(true)?;
    if !upstream.tls {
        return Ok(Line::Plain(stream));
    }
    let name = ServerName::try_from(upstream.host.clone())
        .map_err(|_| refused("the upstream's name cannot stand in a certificate"))?;
    let config = if http2 { &tls.both } else { &tls.http1 };
    // On the heap, and gone after it: a connection that stays is small.
    let shaking = Box::pin(TlsConnector::from(Arc::clone(config)).connect(name, stream));
    Ok(Line::Tls(Box::new(shaking.await?)))
}

fn refused(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, why)
}

#[cfg(test)]
mod tests;
