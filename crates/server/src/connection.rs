//! One connection and its watch.
//!
//! hyper's header timeout is a timer armed and disarmed for every request, does not see a connection
//! that never sends a byte, and also ends an idle one. So the connection only notes, in a few
//! relaxed stores, what it last did and when, in ticks of a clock that the listener's one ticker
//! moves; the ticker looks at all connections and drops the ones that dawdle (HT-03).

use crate::{answer::Body, app::AppService, config::Limits, peer::Peer};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::{
    body::Incoming,
    rt::{Read, ReadBufCursor, Write},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use std::{
    convert::Infallible,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::{net::TcpStream, sync::watch};

/// The listener's coarse clock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ticks(Arc<AtomicU32>);

impl Ticks {
    /// How long a tick lasts. Deadlines are kept to within one.
    pub(crate) fn length(limits: &Limits) -> Duration {
        let shortest = limits.first_byte.min(limits.header).min(limits.body).min(limits.idle);
        (shortest / 16).clamp(Duration::from_millis(5), Duration::from_millis(500))
    }

    pub(crate) fn advance(&self) -> u32 {
        self.0.fetch_add(1, Relaxed) + 1
    }

    /// Never 0, which stands for "not yet".
    fn now(&self) -> u32 {
        self.0.load(Relaxed).max(1)
    }
}

/// What one connection last did. 0: never, or nothing of that kind is going on.
#[derive(Debug)]
pub(crate) struct Activity {
    ticks: Ticks,
    opened: u32,
    last_byte: AtomicU32,
    reading_head: AtomicU32,
    reading_body: AtomicU32,
    in_flight: AtomicU32,
}

/// [`Limits`] in ticks, rounded up, one for the tick that had begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    first_byte: u32,
    header: u32,
    body: u32,
    idle: u32,
}

impl Patience {
    pub(crate) fn of(limits: &Limits) -> Self {
        let tick = Ticks::length(limits).as_millis().max(1);
        let ticks =
            |d: Duration| u32::try_from(d.as_millis().div_ceil(tick) + 1).unwrap_or(u32::MAX);
        Self {
            first_byte: ticks(limits.first_byte),
            header: ticks(limits.header),
            // The handler's own deadline comes first and answers 408; this one only hangs up.
            body: ticks(limits.body + limits.body / 4),
            idle: ticks(limits.idle),
        }
    }
}

impl Activity {
    pub(crate) fn new(ticks: Ticks) -> Self {
        let opened = ticks.now();
        Self {
            ticks,
            opened,
            last_byte: AtomicU32::new(0),
            reading_head: AtomicU32::new(0),
            reading_body: AtomicU32::new(0),
            in_flight: AtomicU32::new(0),
        }
    }

    fn moved(&self) {
        self.last_byte.store(self.ticks.now(), Relaxed);
    }

    fn received(&self) {
        self.moved();
        if self.in_flight.load(Relaxed) == 0 && self.reading_head.load(Relaxed) == 0 {
            self.reading_head.store(self.ticks.now(), Relaxed);
        }
    }

    fn request_begins(&self) {
        self.reading_head.store(0, Relaxed);
        self.in_flight.fetch_add(1, Relaxed);
    }

    fn request_ends(&self) {
        self.in_flight.fetch_sub(1, Relaxed);
        self.moved();
    }

    /// Whether patience is at its end.
    pub(crate) fn dawdles(&self, now: u32, patience: &Patience) -> bool {
        let last = self.last_byte.load(Relaxed);
        if last == 0 {
            return now.saturating_sub(self.opened) > patience.first_byte;
        }
        let body = self.reading_body.load(Relaxed);
        if body != 0 && now.saturating_sub(body) > patience.body {
            return true;
        }
        let head = self.reading_head.load(Relaxed);
        if head != 0 && now.saturating_sub(head) > patience.header {
            return true;
        }
        // A handler has its own deadline; a client that does not take its answer counts as idle.
        self.in_flight.load(Relaxed) == 0 && now.saturating_sub(last) > patience.idle
    }
}

/// Serves one connection to its end; when `stopping` changes, to the end of what it is answering.
pub(crate) async fn serve(
    stream: TcpStream,
    builder: Arc<auto::Builder<TokioExecutor>>,
    app: AppService,
    peer: Peer,
    activity: Arc<Activity>,
    mut stopping: watch::Receiver<bool>,
) {
    let requests = Arc::clone(&activity);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (app, activity) = (app.clone(), Arc::clone(&requests));
        async move { Ok::<_, Infallible>(answer(&app, peer, &activity, request).await) }
    });
    let io = WatchedIo { stream: TokioIo::new(stream), activity };
    let connection = builder.serve_connection(io, service);
    let mut connection = std::pin::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = told(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        // A peer that hangs up or speaks nonsense is no event of ours.
        tracing::debug!(%error, "connection ended");
    }
}

/// Returns when the server stops.
pub(crate) async fn told(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

async fn answer(
    app: &AppService,
    peer: Peer,
    activity: &Arc<Activity>,
    request: hyper::Request<Incoming>,
) -> hyper::Response<Body> {
    let _in_flight = InFlight::new(activity);
    let watched = Arc::clone(activity);
    app.call_from(peer, request.map(|body| WatchedBody { body, activity: watched })).await
}

/// Also counts a request down whose client hung up.
struct InFlight<'a>(&'a Activity);

impl<'a> InFlight<'a> {
    fn new(activity: &'a Activity) -> Self {
        activity.request_begins();
        Self(activity)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.request_ends();
    }
}

/// A request's body that notes when reading it began.
struct WatchedBody {
    body: Incoming,
    activity: Arc<Activity>,
}

impl Drop for WatchedBody {
    fn drop(&mut self) {
        self.activity.reading_body.store(0, Relaxed);
    }
}

impl http_body::Body for WatchedBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        let reading = &self.activity.reading_body;
        match &frame {
            Poll::Pending if reading.load(Relaxed) == 0 => {
                reading.store(self.activity.ticks.now(), Relaxed)
            }
            Poll::Ready(None) => reading.store(0, Relaxed),
            _ => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A socket that notes when bytes pass.
struct WatchedIo {
    stream: TokioIo<TcpStream>,
    activity: Arc<Activity>,
}

impl Read for WatchedIo {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        // An end of the stream counts too: hyper then ends the connection by itself.
        if read.is_ready() {
            self.activity.received();
        }
        read
    }
}

impl Write for WatchedIo {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if written.is_ready() {
            self.activity.moved();
        }
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        if written.is_ready() {
            self.activity.moved();
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
