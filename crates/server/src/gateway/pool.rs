//! The connections to one upstream.
//!
//! A connection of HTTP/1 that nobody uses is polled by nobody; who takes it looks first whether it
//! still lives, and drives it in its own task: a call through the gateway wakes one task, not two. The
//! one connection of HTTP/2 has a task of its own, and everybody shares it.

use super::{alarm::Alarm, inbound::Inbound, quiet::Quiet};
use crate::outgoing::{self, Line, Outgoing, Tls};
use domain::gateway_route::Upstream;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::{
    fmt,
    future::Future,
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU8, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::Duration,
};

/// Connections that are kept although nobody uses them.
const MAX_IDLE: usize = 256;
/// What nobody used for two of these is closed.
const SWEEP: Duration = Duration::from_secs(15);
/// A connection of HTTP/2 that answers no ping within this time, twice, is dead.
const PING: Duration = Duration::from_secs(20);
/// An answer's head; the client's own limits are not the upstream's.
const MAX_HEAD_BYTES: usize = 128 * 1024;
const MAX_HEADERS: usize = 256;

type Http1Connection = http1::Connection<TokioIo<Line>, Inbound>;

/// One connection of HTTP/1, and who drives it.
pub(super) struct Http1 {
    /// Takes requests.
    pub(super) sender: http1::SendRequest<Inbound>,
    driven: Driven,
    quiet: Quiet,
}

/// The part of it that has to be driven.
pub(super) struct Driven {
    /// `None`: it is over. Only one that is dropped gives back a request that it never took.
    connection: Option<Http1Connection>,
    /// For the exchange under way.
    pub(super) alarm: Alarm,
}

impl Driven {
    /// Lets the connection do what it can; `true`: it is over.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>) -> bool {
        let alive = self.connection.as_mut().map(|connection| Pin::new(connection).poll(cx));
        if alive.is_some_and(|polled| polled.is_ready()) {
            self.connection = None;
        }
        self.connection.is_none()
    }
}

impl Http1 {
    /// Drives the connection and waits for what comes of it, in one. Once something has come, the next
    /// step has to drive it first.
    pub(super) fn poll<T>(
        &mut self,
        cx: &Context<'_>,
        step: impl FnOnce(&mut Driven, &mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        let driven = &mut self.driven;
        self.quiet.poll(cx, |cx| step(driven, cx))
    }

    /// Lets it do what it can, and notes from then on whether something happens to it; `true`: it is over.
    pub(super) fn rest(&mut self) -> bool {
        let driven = &mut self.driven;
        self.quiet.rest(|cx| driven.drive(cx))
    }

    /// Whether it can take another request.
    pub(super) fn is_ready(&self) -> bool {
        self.driven.connection.is_some() && self.sender.is_ready()
    }

    /// Whether it lives, and can take another request. Nothing needs to be asked of one that nothing has
    /// happened to since it rests.
    fn is_good(&mut self) -> bool {
        (!self.quiet.is_woken() || !self.rest()) && self.is_ready()
    }

    /// Drives the connection to its end.
    pub(super) async fn run(self) {
        if let Some(connection) = self.driven.connection {
            let _ = connection.await;
        }
    }
}

/// A connection for one request.
pub(super) enum Lease {
    /// Of one's own.
    Http1(Box<Http1>),
    /// A stream of the shared one.
    Http2(http2::SendRequest<Inbound>),
}

/// The connections to one upstream.
pub(super) struct Pool {
    upstream: Upstream,
    outgoing: Outgoing,
    tls: Tls,
    /// Whether HTTP/2 may be agreed on.
    http2: bool,
    idle: Mutex<Vec<Idle>>,
    shared: Mutex<Option<http2::SendRequest<Inbound>>>,
    /// Whether the upstream agreed on HTTP/2 the last time.
    spoke_http2: AtomicU8,
    opening: tokio::sync::Mutex<()>,
    sweeping: AtomicBool,
}

const UNKNOWN: u8 = 0;
const NO: u8 = 1;
const YES: u8 = 2;

struct Idle {
    connection: Box<Http1>,
    /// The sweeper saw it once.
    seen: bool,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pool")
    }
}

impl Pool {
    pub(super) fn new(upstream: Upstream, http2: bool, outgoing: &Outgoing, tls: &Tls) -> Self {
        let http2 = http2 && upstream.tls;
        Self {
            spoke_http2: AtomicU8::new(if http2 { UNKNOWN } else { NO }),
            upstream,
            outgoing: outgoing.clone(),
            tls: tls.clone(),
            http2,
            idle: Mutex::default(),
            shared: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            sweeping: AtomicBool::new(false),
        }
    }

    /// A connection, an idle one if there is one that lives.
    ///
    /// # Errors
    /// None comes about.
    pub(super) async fn take(self: &Arc<Self>) -> io::Result<Lease> {
        if let Some(lease) = self.kept() {
            return Ok(lease);
        }
        if self.spoke_http2.load(Relaxed) == NO {
            return self.open().await;
        }
        // All who wait here share the connection that the first one opens.
        let _first = self.opening.lock().await;
        match self.kept() {
            Some(lease) => Ok(lease),
            None => self.open().await,
        }
    }

    /// A connection of HTTP/1 that is nobody else's, ever.
    ///
    /// # Errors
    /// None comes about.
    pub(super) async fn line(&self) -> io::Result<Line> {
        outgoing::connect(&self.upstream, &self.outgoing, &self.tls, false).await
    }

    /// Takes a connection back that finished its exchange.
    pub(super) fn keep(self: &Arc<Self>, connection: Box<Http1>) {
        if !connection.is_ready() {
            return;
        }
        let mut idle = self.idle();
        if idle.len() < MAX_IDLE {
            idle.push(Idle { connection, seen: false });
        }
        drop(idle);
        if !self.sweeping.swap(true, Relaxed) {
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }

    /// A connection that is there and lives.
    pub(super) fn kept(&self) -> Option<Lease> {
        if self.http2
            && let Some(sender) = self.shared().as_ref().filter(|sender| !sender.is_closed())
        {
            return Some(Lease::Http2(sender.clone()));
        }
        loop {
            // The one that was used last is the one least likely to have been closed since.
            let mut last = self.idle().pop()?.connection;
            if last.is_good() {
                return Some(Lease::Http1(last));
            }
        }
    }

    async fn open(&self) -> io::Result<Lease> {
        let line = outgoing::connect(&self.upstream, &self.outgoing, &self.tls, self.http2).await?;
        if line.is_http2() {
            self.spoke_http2.store(YES, Relaxed);
            let (sender, connection) = http2::Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                .adaptive_window(true)
                .keep_alive_interval(PING)
                .keep_alive_timeout(PING)
                .handshake(TokioIo::new(line))
                .await
                .map_err(io::Error::other)?;
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a connection to an upstream ended");
                }
            });
            *self.shared() = Some(sender.clone());
            return Ok(Lease::Http2(sender));
        }
        if self.http2 {
            self.spoke_http2.store(NO, Relaxed);
        }
        let (sender, connection) =
            http1_builder().handshake(TokioIo::new(line)).await.map_err(io::Error::other)?;
        let driven = Driven { connection: Some(connection), alarm: Alarm::default() };
        Ok(Lease::Http1(Box::new(Http1 { sender, driven, quiet: Quiet::new() })))
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shared(&self) -> MutexGuard<'_, Option<http2::SendRequest<Inbound>>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How HTTP/1 is spoken to upstreams.
pub(super) fn http1_builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(MAX_HEAD_BYTES).max_headers(MAX_HEADERS);
    builder
}

/// Closes what nobody uses, until nothing is left.
async fn sweep(pool: std::sync::Weak<Pool>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        let Some(pool) = pool.upgrade() else { return };
        let mut idle = pool.idle();
        idle.retain_mut(|idle| !std::mem::replace(&mut idle.seen, true));
        if idle.is_empty() {
            pool.sweeping.store(false, Relaxed);
            return;
        }
    }
}
