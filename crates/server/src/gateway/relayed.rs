//! An upstream's answer on its way to the client: piece by piece, as fast as the client takes it.
//!
//! Whoever polls the body drives the connection that it comes over. A body that has ended hands the
//! connection back; one that is dropped before its end closes it. When the upstream falls silent, or
//! breaks off, the body ends with an error: to the client it never looks complete.

use super::pool::{Http1, Pool};
use crate::activity::Relaying;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::{
    task::AbortHandle,
    time::{Sleep, sleep},
};

/// Who drives the connection.
pub(super) enum Way {
    /// The body.
    Own(Box<Http1>, Arc<Pool>),
    /// A task, ended with the body.
    Task(#[expect(dead_code, reason = "it ends its task when it is dropped")] Driver),
    /// Somebody else: it is shared.
    Shared,
    /// Nobody any more.
    Over,
}

impl Way {
    /// A task of its own.
    pub(super) fn task(run: impl Future<Output = ()> + Send + 'static) -> Self {
        Self::Task(Driver(tokio::spawn(run).abort_handle()))
    }
}

/// A task that ends with this value.
pub(super) struct Driver(AbortHandle);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The body of an answer.
pub(super) struct Relayed {
    incoming: Incoming,
    way: Way,
    idle: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    /// Something has passed since the timer was set.
    moved: bool,
    relaying: Option<Relaying>,
}

/// Why an answer ended before its end.
#[derive(Debug)]
pub(super) enum Broken {
    /// The upstream broke it off.
    Off(hyper::Error),
    /// The upstream was silent for too long.
    Silent,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off(error) => write!(f, "the upstream broke its answer off: {error}"),
            Self::Silent => f.write_str("the upstream fell silent"),
        }
    }
}

impl std::error::Error for Broken {}

impl Relayed {
    pub(super) fn new(incoming: Incoming, way: Way, idle: Duration) -> Self {
        let mut relayed = Self { incoming, way, idle, timer: None, moved: true, relaying: None };
        if relayed.incoming.is_end_stream() {
            relayed.give_back();
        }
        relayed
    }

    /// Keeps the client's connection from being taken for an idle one.
    pub(super) fn relay(&mut self, relaying: Option<Relaying>) {
        if !self.incoming.is_end_stream() {
            self.relaying = relaying;
        }
    }

    /// The exchange is over: the connection may be used again.
    fn give_back(&mut self) {
        let Way::Own(mut http1, pool) = std::mem::replace(&mut self.way, Way::Over) else {
            return;
        };
        // Once more, so that it notices the end by itself; nobody waits for it afterwards.
        if !http1.drive(&mut Context::from_waker(Waker::noop())) {
            pool.keep(http1);
        }
    }

    fn poll_incoming(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        // First the body, so that the connection finds it waiting.
        let frame = Pin::new(&mut self.incoming).poll_frame(cx);
        match (&mut self.way, frame.is_pending()) {
            (Way::Own(http1, _), true) => {
                http1.drive(cx);
                Pin::new(&mut self.incoming).poll_frame(cx)
            }
            _ => frame,
        }
    }

    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let idle = self.idle;
        if std::mem::take(&mut self.moved) {
            match &mut self.timer {
                Some(timer) => timer.set(sleep(idle)),
                None => self.timer = Some(Box::pin(sleep(idle))),
            }
        }
        self.timer.as_mut().map_or(Poll::Pending, |timer| timer.as_mut().poll(cx))
    }
}

impl Body for Relayed {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let this = self.get_mut();
        match this.poll_incoming(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.moved = true;
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                this.way = Way::Over;
                tracing::debug!(%error, "an upstream broke its answer off");
                Poll::Ready(Some(Err(Broken::Off(error))))
            }
            Poll::Ready(None) => {
                this.give_back();
                Poll::Ready(None)
            }
            Poll::Pending => this.poll_silence(cx).map(|()| {
                this.way = Way::Over;
                Some(Err(Broken::Silent))
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

impl Drop for Relayed {
    fn drop(&mut self) {
        // Of a known length, nobody asks for the end after the last piece.
        if self.incoming.is_end_stream() {
            self.give_back();
        }
    }
}

impl fmt::Debug for Relayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Relayed")
    }
}
