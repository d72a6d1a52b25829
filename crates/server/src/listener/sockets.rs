//! Bound sockets.

use crate::config::ListenerConfig;
use std::{io, net::SocketAddr};
use tokio::net::{TcpListener, TcpSocket};

/// Connections that the kernel completes before they are accepted, as far as it allows so many: when
/// there is no room, clients believe in connections that nobody knows of.
const WAITING: u32 = 16_384;

/// Bound sockets. Binding is apart from serving so that a taken port is told before anything starts.
#[derive(Debug)]
pub struct Listeners(pub(super) Vec<(TcpListener, ListenerConfig)>);

impl Listeners {
    /// Binds every configured address.
    ///
    /// # Errors
    /// An address that cannot be bound; the text names it.
    pub async fn bind(configured: &[ListenerConfig]) -> io::Result<Self> {
        let mut bound = Vec::new();
        for one in configured {
            let address = one.address;
            let listener = listen(address).map_err(|error| {
                io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
            })?;
            bound.push((listener, one.clone()));
        }
        Ok(Self(bound))
    }

    /// The addresses, with the ports that the system chose.
    ///
    /// # Errors
    /// A socket that is gone.
    pub fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        self.0.iter().map(|(listener, _)| listener.local_addr()).collect()
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restart need not wait until the kernel has forgotten the connections of the run before.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}
