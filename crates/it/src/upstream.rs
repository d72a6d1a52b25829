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

use anyhow::Result;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Empty, Full, combinators::UnsyncBoxBody};
use hyper::{
    body::{Body as HttpBody, Frame, Incoming},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use serde_json::json;
use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    task::{AbortHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

type Body = UnsyncBoxBody<Bytes, io::Error>;

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
        let accepting = accept(listener, tls.map(TlsAcceptor::from), Arc::clone(&counts), alive);
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

async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    counts: Arc<Counts>,
    _alive: watch::Sender<()>,
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
        answer(request)
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let _ = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).await;
}

async fn answer(request: Request<Incoming>) -> io::Result<Response<Body>> {
    let path = request.uri().path().to_owned();
    let mut steps = path.rsplit('/');
    let last = steps.next().unwrap_or_default().to_owned();
    let before = steps.next().unwrap_or_default();
    match (before, last.as_str()) {
        ("status", status) => {
            let mut response = echo(request).await?;
            *response.status_mut() = status.parse().map_err(io::Error::other)?;
            Ok(response)
        }
        ("bytes", length) => {
            let length: usize = length.parse().map_err(io::Error::other)?;
            Ok(Response::new(streamed(length)))
        }
        (_, "events") => Ok(Response::new(one_and(b"data: 1\n\n", false))),
        (_, "broken") => Ok(Response::new(one_and(b"half", true))),
        (_, "silent") => std::future::pending().await,
        (_, "hang-up") => Err(io::Error::other("hung up")),
        (_, "trailers") => Ok(with_trailers()),
        (_, "early") => Ok(early(request)),
        (_, "echo") => {
            let body = request.into_body().map_err(io::Error::other);
            Ok(Response::new(body.boxed_unsync()))
        }
        (_, "socket") => Ok(another_protocol(request)),
        (_, "headers") => Ok(talkative()),
        _ => echo(request).await,
    }
}

/// The call as JSON.
async fn echo(request: Request<Incoming>) -> io::Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?;
    let trailers = body.trailers().map(pairs).unwrap_or_default();
    let bytes = body.to_bytes();
    let version = format!("{:?}", head.version);
    let told = json!({
        "method": head.method.as_str(),
        "path": head.uri.path_and_query().map(ToString::to_string),
        "authority": head.uri.authority().map(ToString::to_string),
        "version": version,
        "headers": pairs(&head.headers),
        "body": String::from_utf8_lossy(bytes.get(..bytes.len().min(65_536)).unwrap_or_default()),
        "bytes": bytes.len(),
        "trailers": trailers,
    });
    let mut response = Response::new(whole(told.to_string()));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response.headers_mut().insert(header::SERVER, HeaderValue::from_static("upstream"));
    Ok(response)
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

fn whole(text: impl Into<Bytes>) -> Body {
    Full::new(text.into()).map_err(|never| match never {}).boxed_unsync()
}

/// A body whose pieces come from a task.
struct Sent(mpsc::Receiver<io::Result<Frame<Bytes>>>);

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(cx)
    }
}

/// A body that `send` sends piece by piece.
fn sent<F>(send: impl FnOnce(mpsc::Sender<io::Result<Frame<Bytes>>>) -> F) -> Body
where
    F: Future<Output = ()> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(send(sender));
    Sent(receiver).boxed_unsync()
}

/// So many bytes, a piece at a time.
fn streamed(length: usize) -> Body {
    const PIECE: Bytes = Bytes::from_static(&[b'x'; 16 * 1024]);
    sent(move |sender| async move {
        let mut left = length;
        while left > 0 {
            let piece = PIECE.slice(..left.min(PIECE.len()));
            left -= piece.len();
            if sender.send(Ok(Frame::data(piece))).await.is_err() {
                return;
            }
        }
    })
}

/// One piece, and then nothing more, or an error.
fn one_and(piece: &'static [u8], breaks: bool) -> Body {
    sent(move |sender| async move {
        let _ = sender.send(Ok(Frame::data(Bytes::from_static(piece)))).await;
        if breaks {
            let _ = sender.send(Err(io::Error::other("broken"))).await;
        } else {
            sender.closed().await;
        }
    })
}

fn with_trailers() -> Response<Body> {
    let body = sent(|sender| async move {
        let mut sum = HeaderMap::new();
        sum.insert("x-sum", HeaderValue::from_static("42"));
        let _ = sender.send(Ok(Frame::data(Bytes::from_static(b"body")))).await;
        let _ = sender.send(Ok(Frame::trailers(sum))).await;
    });
    let mut response = Response::new(body);
    response.headers_mut().insert(header::TRAILER, HeaderValue::from_static("x-sum"));
    response
}

/// The head at once, and in the body how long the call's body was.
fn early(request: Request<Incoming>) -> Response<Body> {
    Response::new(sent(|sender| async move {
        let counted = request.into_body().collect().await.map(|body| body.to_bytes().len());
        let told = counted.map(|length| Frame::data(Bytes::from(length.to_string())));
        let _ = sender.send(told.map_err(io::Error::other)).await;
    }))
}

fn another_protocol(mut request: Request<Incoming>) -> Response<Body> {
    let on_upgrade = hyper::upgrade::on(&mut request);
    let Some(protocol) = request.headers().get(header::UPGRADE).cloned() else {
        let mut response = Response::new(whole("an Upgrade is wanted"));
        *response.status_mut() = StatusCode::UPGRADE_REQUIRED;
        return response;
    };
    tokio::spawn(async move {
        let Ok(upgraded) = on_upgrade.await else { return };
        let mut stream = TokioIo::new(upgraded);
        let mut buffer = vec![0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut buffer).await {
            if stream.write_all(buffer.get(..length).unwrap_or_default()).await.is_err() {
                return;
            }
        }
    });
    let mut response = Response::new(Empty::new().map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, protocol);
    response
}

fn talkative() -> Response<Body> {
    let mut response = Response::new(whole("ok"));
    let fields = [
        ("access-control-allow-origin", "*"),
        ("connection", "x-private"),
        ("x-private", "1"),
        ("keep-alive", "timeout=5"),
        ("ratelimit", "\"theirs\";r=1;t=1"),
        ("cache-control", "max-age=60"),
        ("server", "upstream"),
        ("set-cookie", "a=1"),
        ("x-request-id", "theirs"),
    ];
    for (name, value) in fields {
        response.headers_mut().append(name, HeaderValue::from_static(value));
    }
    response
}

/// A connection to an address, for tests that write bytes.
///
/// # Panics
/// Nobody listens there.
pub async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("a connection")
}
