//! One connection: hyper's part of it, and noting for the watch what it does (see `activity`).

use crate::{
    activity::Activity,
    answer::Body,
    flood::{Frames, LAST_FRAME},
    peer::Peer,
    socket::Socket,
};
use bytes::Bytes;
use http::{HeaderValue, Version, header};
use http_body::{Frame, SizeHint};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use std::{
    convert::Infallible,
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::watch,
};

/// What answers requests: [`crate::AppService`], and in tests whatever a test needs.
pub(crate) trait Answer:
    Fn(Peer, hyper::Request<WatchedBody>) -> Self::Answering + Clone + Send + Sync + 'static
{
    type Answering: Future<Output = hyper::Response<Body>> + Send + 'static;
}

impl<A, F> Answer for A
where
    A: Fn(Peer, hyper::Request<WatchedBody>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = hyper::Response<Body>> + Send + 'static,
{
    type Answering = F;
}

/// How long a connection without a request is left open when the server stops. A client may be sending
/// one at that very moment, and hanging up on it would lose the request: within this time it is
/// answered, and told that the connection ends.
const LINGER: Duration = Duration::from_millis(500);

/// A browser that was here by TLS comes by nothing else for two years (RFC 6797).
const ONLY_TLS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// Serves one connection to its end; when `stopping` changes, to the end of what it is answering.
pub(crate) async fn serve<A: Answer>(
    socket: Socket,
    builder: Arc<auto::Builder<TokioExecutor>>,
    answer: A,
    peer: Peer,
    activity: Arc<Activity>,
    mut stopping: watch::Receiver<bool>,
) {
    let requests = Arc::clone(&activity);
    let encrypted = matches!(socket, Socket::Tls(_));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let http2 = request.version() == Version::HTTP_2;
        let in_flight = InFlight::new(&requests, http2);
        let activity = Arc::clone(&requests);
        let answering = answer(peer, request.map(|body| WatchedBody { body, activity }));
        async move {
            let mut response = answering.await;
            if in_flight.0.is_last_call() && !http2 {
                response
                    .headers_mut()
                    .insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            if encrypted {
                response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, ONLY_TLS);
            }
            drop(in_flight);
            Ok::<_, Infallible>(response)
        }
    });
    let watched = Arc::clone(&activity);
    let frames = Frames::new(activity.tick());
    let io = WatchedIo { socket, activity, frames, last_frame: None };
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(io), service);
    let mut connection = std::pin::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = last_call(&mut stopping, &watched) => {
            connection.as_mut().graceful_shutdown();
            connection.as_mut().await
        }
    };
    if let Some(tunnel) = watched.tunnel() {
        // Nobody can say to those in a tunnel that it ends soon: the server does not wait for them.
        tokio::select! {
            biased;
            () = told(&mut stopping) => {}
            () = tunnel => {}
        }
        return;
    }
    if let Err(error) = outcome {
        // A peer that hangs up or speaks nonsense is no event of ours.
        tracing::debug!(%error, "connection ended");
    }
}

/// Returns some time after the server stops; HTTP/2 has a frame for that and needs no such time.
async fn last_call(stopping: &mut watch::Receiver<bool>, activity: &Activity) {
    told(stopping).await;
    activity.last_call();
    if !activity.is_http2() {
        tokio::time::sleep(LINGER).await;
    }
}

/// Returns when the server stops.
pub(crate) async fn told(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Also counts a request down whose client hung up.
pub(crate) struct InFlight(Arc<Activity>);

impl InFlight {
    pub(crate) fn new(activity: &Arc<Activity>, http2: bool) -> Self {
        activity.request_begins(http2);
        Self(Arc::clone(activity))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.request_ends();
    }
}

/// A request's body that notes since when more of it is waited for.
pub(crate) struct WatchedBody {
    body: Incoming,
    activity: Arc<Activity>,
}

impl WatchedBody {
    /// What is known of its connection.
    pub(crate) const fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }
}

impl Drop for WatchedBody {
    fn drop(&mut self) {
        self.activity.body_ends();
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
        match &frame {
            Poll::Pending => self.activity.body_waits(),
            // Also after a piece: what a handler does with it is no wait for the client. How long all of a
            // body may take is the handler's business, which has deadlines for that.
            Poll::Ready(_) => self.activity.body_ends(),
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

/// A socket that notes when bytes pass, and which frames of HTTP/2 they are.
struct WatchedIo {
    socket: Socket,
    activity: Arc<Activity>,
    frames: Frames,
    /// What is left to be read of the last frame, once the client has sent too many.
    last_frame: Option<&'static [u8]>,
}

impl AsyncRead for WatchedIo {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if let Some(rest) = this.last_frame {
            let (now, later) = rest.split_at(rest.len().min(buffer.remaining()));
            buffer.put_slice(now);
            this.last_frame = Some(later);
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.socket).poll_read(cx, buffer);
        // An end of the stream counts too: hyper then ends the connection by itself.
        if read.is_ready() {
            this.activity.received();
            let received = buffer.filled().get(before..).unwrap_or_default();
            if let Some(cut) = this.frames.received(received, || this.activity.tick()) {
                tracing::debug!("too many HTTP/2 frames beside requests");
                buffer.set_filled(before + cut);
                this.last_frame = Some(&LAST_FRAME);
            }
        }
        read
    }
}

impl WatchedIo {
    fn written(&mut self, written: &Poll<io::Result<usize>>) {
        if let Poll::Ready(outcome) = written {
            self.activity.sent();
            if let Ok(bytes) = outcome {
                self.frames.sent(*bytes);
            }
        }
    }
}

impl AsyncWrite for WatchedIo {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.written(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(cx, slices);
        self.written(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
