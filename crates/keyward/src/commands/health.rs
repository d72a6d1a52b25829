//! `keyward health`: asks the server that this configuration describes whether it is ready. For
//! containers, which have no other program to ask with.

use crate::{
    config::Config,
    failure::{Exit, Failure},
};
use std::{
    io::{self, Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

const TIMEOUT: Duration = Duration::from_secs(3);
const QUESTION: &[u8] =
    b"GET /health/ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
const READY: &[u8] = b"HTTP/1.1 200 ";

pub(super) fn run(config: &Config) -> Result<Exit, Failure> {
    let plain = config.listeners.iter().find(|listener| listener.tls.is_none());
    let address = plain.map(|listener| from_here(listener.address)).ok_or_else(|| {
        Failure::new(Exit::Usage, "every listener speaks TLS, and this command does not").with_hint(
            "add a listener on loopback without a certificate: `address = \"127.0.0.1:8080\"`, \
             `surfaces = [\"ops\"]`",
        )
    })?;
    match ask(address) {
        Ok(true) => Ok(Exit::Done),
        Ok(false) => Err(Failure::failed(format!("`{address}` is not ready"))),
        Err(error) => Err(Failure::failed(format!("`{address}` does not answer: {error}"))),
    }
}

/// Where this machine reaches a listener on all addresses.
fn from_here(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn ask(address: SocketAddr) -> io::Result<bool> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(QUESTION)?;
    let mut begin = [0; READY.len()];
    stream.read_exact(&mut begin)?;
    Ok(begin == READY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// Asks somebody who answers this.
    fn asked(answer: &'static [u8]) -> io::Result<bool> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut question = [0; QUESTION.len()];
            stream.read_exact(&mut question).unwrap();
            stream.write_all(answer).unwrap();
        });
        let found = ask(address);
        answering.join().unwrap();
        found
    }

    #[test]
    fn only_200_is_ready() {
        assert!(asked(b"HTTP/1.1 200 OK\r\n\r\n").unwrap());
        assert!(!asked(b"HTTP/1.1 503 Service Unavailable\r\n\r\n").unwrap());
        assert!(asked(b"HTTP").is_err());
    }

    #[test]
    fn all_addresses_are_asked_on_loopback() {
        for (listener, asked) in [
            ("0.0.0.0:1", "127.0.0.1:1"),
            ("[::]:2", "[::1]:2"),
            ("192.0.2.1:3", "192.0.2.1:3"),
            ("127.0.0.2:4", "127.0.0.2:4"),
        ] {
            assert_eq!(from_here(listener.parse().unwrap()), asked.parse().unwrap());
        }
    }
}
