//! A small upstream on a port of its own, over HTTP/1.1 or, with TLS, HTTP/2: it answers with the call as
//! JSON (`method`, `path`, `headers` as pairs, `body`, `bytes`, `trailers`), and misbehaves where it is asked
//! to:
//!
//! | path | answer |
//! |---|---|
//! | `…/status/<n>` | that status, with the call as JSON |
//! | `…/bytes/<n>` | so many bytes |
//! | `…/events` | one event, and then nothing more |
//! | `…/silent` | nothing, ever |
//! | `…/hang-up` | the connection ends without an answer |
//! | `…/broken` | a body that ends before its end |
//! | `…/trailers` | a body with the trailer `x-sum` |
//! | `…/early` | an answer before the call's body was read, which is then counted into the answer's body |
//! | `…/echo` | the call's body, as it comes |
//! | `…/socket` | another protocol: every byte comes back |
//! | `…/headers` | what an upstream should not say: CORS, hop-by-hop and rate-limit fields |

mod answers;

use anyhow::Result;
use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::watch,
    task::{AbortHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

/// The upstream; it ends with this value, and all its connections with it.
pub struct Upstream {
    /// Where it listens, `127.0.0.1:PORT`.
    pub address: SocketAddr,
    /// The authority that its certificate comes from, where it has one.
    pub authority: Option<CertificateDer<'static>>,
    counts: Arc<Counts>,
    accepting: AbortHandle,
    ended: watch::Receiver<()>,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    calls: AtomicUsize,
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Upstream {
    /// Starts one without TLS on a free port.
    ///
    /// # Panics
    /// There is none.
    pub async fn start() -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), None).await.expect("an upstream")
    }

    /// Starts one with TLS, which speaks HTTP/2 with whoever does, by a certificate for `127.0.0.1` and
    /// `localhost`.
    ///
    /// # Panics
    /// There is no free port.
    pub async fn start_with_tls() -> Self {
        let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
        let certificate = made.cert.der().clone();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)
            .expect("a certificate with its key");
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut upstream = Self::start_at(address, Some(config.into())).await.expect("an upstream");
        upstream.authority = Some(certificate);
        upstream
    }

    /// Starts one at this address.
    ///
    /// # Errors
    /// The address is taken.
    pub async fn start_at(address: SocketAddr, tls: Option<Arc<ServerConfig>>) -> Result<Self> {
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(1024)?;
        let address = listener.local_addr()?;
        let counts = Arc::new(Counts::default());
        let (alive, ended) = watch::channel(());
        let accepting = accept(alive, listener, tls.map(TlsAcceptor::from), Arc::clone(&counts));
        let accepting = tokio::spawn(accepting).abort_handle();
        Ok(Self { address, authority: None, counts, accepting, ended })
    }

    /// Ends it, connections and all; its port is free afterwards.
    pub async fn stop(mut self) {
        self.accepting.abort();
        while self.ended.changed().await.is_ok() {}
    }

    /// Its address as routes name it.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.authority.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Connections that it accepted.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.counts.connections.load(SeqCst)
    }

    /// Calls that reached it.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.counts.calls.load(SeqCst)
    }
}

/// `_alive` goes last of what this holds: whoever waits for its end finds the port free.
async fn accept(
    _alive: watch::Sender<()>,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    counts: Arc<Counts>,
) {
    let mut tasks = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        counts.connections.fetch_add(1, SeqCst);
        let (tls, counts) = (tls.clone(), Arc::clone(&counts));
        tasks.spawn(async move {
            let _ = stream.set_nodelay(true);
            match tls {
                None => serve(stream, counts).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, counts).await;
                    }
                }
            }
        });
    }
}

async fn serve<S>(stream: S, counts: Arc<Counts>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| {
        counts.calls.fetch_add(1, SeqCst);
        answers::answer(request)
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let _ = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).await;
}
