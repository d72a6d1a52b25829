//! One connection to a server, made when the first call is and again when it was closed.

use super::{Body, BoxError};
use crate::failure::{Exit, Failure};
use ::http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::BodyExt as _;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use std::{net::IpAddr, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

const TIME_TO_CONNECT: Duration = Duration::from_secs(10);

/// A server, and the connection to it.
pub(crate) struct Server {
    url: Url,
    tls: Option<TlsConnector>,
    connection: Option<SendRequest<Body>>,
}

impl Server {
    /// Reads an address; nothing is connected yet. `tls` is asked for only where it is needed.
    ///
    /// # Errors
    /// The address is none, or tokens would cross a network in the clear.
    pub(crate) fn new(
        address: &str,
        plain_http: bool,
        tls: impl FnOnce() -> Result<TlsConnector, Failure>,
    ) -> Result<Self, Failure> {
        let bad = || {
            Failure::new(Exit::Usage, format!("`{address}` is not the address of a server"))
                .with_hint("write it as `https://keyward.example.com` or `http://127.0.0.1:8080`")
        };
        let mut url = Url::parse(address).map_err(|_| bad())?;
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        if url.host().is_none() || has_credentials || url.query().is_some() {
            return Err(bad());
        }
        url.set_fragment(None);
        let tls = match url.scheme() {
            "https" => Some(tls()?),
            "http" if plain_http || is_this_machine(&url) => None,
            "http" => {
                return Err(Failure::new(
                    Exit::Usage,
                    format!("`{url}` would carry the token in the clear"),
                )
                .with_hint("use `https`; `--plain-http` allows it where the network is trusted"));
            }
            _ => return Err(bad()),
        };
        Ok(Self { url, tls, connection: None })
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Sends a request and gives the answer once its head is there.
    ///
    /// # Errors
    /// There is no connection, or it broke.
    pub(super) async fn send(&mut self, request: Request<Body>) -> Result<Response<Body>, Failure> {
        let request = self.addressed(request)?;
        let lost = |e: hyper::Error| {
            Failure::failed(format!("the connection to `{}` broke: {e}", self.url))
        };
        let mut connection = self.connection.take();
        if let Some(open) = &mut connection
            && open.ready().await.is_err()
        {
            connection = None;
        }
        let mut connection = match connection {
            Some(open) => open,
            None => self.connect().await?,
        };
        let response = connection.send_request(request).await.map_err(lost)?;
        self.connection = Some(connection);
        Ok(response.map(|body| body.map_err(BoxError::from).boxed_unsync()))
    }

    /// The request with the server's own path in front, and its host.
    fn addressed(&self, mut request: Request<Body>) -> Result<Request<Body>, Failure> {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let full = format!("{}{path}", self.url.path().trim_end_matches('/'));
        let bad = |_| Failure::new(Exit::Usage, "the request has no address");
        *request.uri_mut() = full.parse::<Uri>().map_err(|e| bad(e.into()))?;
        let authority = &self.url[url::Position::BeforeHost..url::Position::AfterPort];
        let host = HeaderValue::from_str(authority).map_err(|e| bad(BoxError::from(e)))?;
        request.headers_mut().insert(header::HOST, host);
        request.headers_mut().insert(
            header::USER_AGENT,
            HeaderValue::from_static(concat!("keyward/", env!("CARGO_PKG_VERSION"))),
        );
        Ok(request)
    }

    async fn connect(&self) -> Result<SendRequest<Body>, Failure> {
        let connecting = async {
            let stream = self.stream().await?;
            stream.set_nodelay(true)?;
            match (&self.tls, self.url.host_str()) {
                (Some(tls), Some(host)) => {
                    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
                    let name = ServerName::try_from(host)?;
                    handshake(tls.connect(name, stream).await?).await
                }
                _ => handshake(stream).await,
            }
        };
        let failed = |why: &dyn std::fmt::Display| {
            let why = why.to_string();
            let hint = if why.contains("certificate") {
                "name who issued the server's certificate with `--ca-file`; the certificate itself must be \
                 one of a server, with the name that was asked for"
            } else {
                "name the server with `--server` or `KEYWARD_SERVER`; `--data-dir` works on the data \
                 itself while no server runs"
            };
            Failure::failed(format!("cannot reach `{}`: {why}", self.url)).with_hint(hint)
        };
        match tokio::time::timeout(TIME_TO_CONNECT, connecting).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(failed(&error)),
            Err(_) => Err(failed(&"no answer within 10 seconds")),
        }
    }

    async fn stream(&self) -> std::io::Result<TcpStream> {
        let port = self.url.port_or_known_default().unwrap_or(80);
        match self.url.host() {
            Some(Host::Ipv4(address)) => TcpStream::connect((address, port)).await,
            Some(Host::Ipv6(address)) => TcpStream::connect((address, port)).await,
            Some(Host::Domain(name)) => TcpStream::connect((name, port)).await,
            None => Err(std::io::ErrorKind::AddrNotAvailable.into()),
        }
    }
}

async fn handshake<S>(stream: S) -> Result<SendRequest<Body>, BoxError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // What ends the connection is told by the call that is on it.
    tokio::spawn(async move { drop(connection.await) });
    Ok(sender)
}

/// Whether nothing leaves this machine.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).to_canonical().is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(address: &str, plain: bool) -> Result<Server, Failure> {
        Server::new(address, plain, || Err(Failure::failed("TLS is asked for")))
    }

    #[test]
    fn a_token_does_not_cross_a_network_in_the_clear() {
        for address in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1/base"] {
            assert!(server(address, false).is_ok(), "{address}");
        }
        let refused = server("http://keyward.example", false).err().unwrap();
        assert!(refused.to_string().contains("in the clear"), "{refused}");
        assert!(server("http://keyward.example", true).is_ok());
        assert!(
            server("https://keyward.example", false).err().unwrap().to_string().contains("TLS")
        );
    }

    #[test]
    fn what_is_no_address_is_a_usage_error() {
        for address in ["", "localhost:1", "ftp://x", "http://", "http://a:b@localhost", "x y"] {
            assert_eq!(server(address, true).err().unwrap().exit, Exit::Usage, "{address}");
        }
    }
}
