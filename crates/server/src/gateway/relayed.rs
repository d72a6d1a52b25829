//! An upstream's answer on its way to the client: piece by piece, as fast as the client takes it.
//!
//! Whoever polls the body drives the connection that it comes over. A body that has ended hands the
//! connection back; one that is dropped before its end closes it. When the upstream falls silent, or
//! breaks off, the body ends with an error: to the client it never looks complete.

use super::{
    alarm::{self, Alarm},
    pool::{Http1, Pool},
};
use crate::activity::Relaying;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{task::AbortHandle, time::Instant};

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
    /// Until then something has to come; `None`: nothing is waited for.
    deadline: Option<Instant>,
    /// Where the connection has none of its own.
    alarm: Alarm,
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
        let (deadline, alarm, relaying) = (None, Alarm::default(), None);
        let mut relayed = Self { incoming, way, idle, deadline, alarm, relaying };
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
        // Once more, so that it notices the end by itself.
        if !http1.rest() {
            pool.keep(http1);
        }
    }

    /// What comes next, or [`Broken::Silent`] when it has not come in time.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let Self { incoming, way, idle, deadline, alarm, .. } = self;
        let mut silence = |alarm: &mut Alarm, cx: &mut Context<'_>| {
            let deadline = *deadline.get_or_insert_with(|| alarm::now() + *idle);
            alarm.poll(deadline, cx).map(|()| Some(Err(Broken::Silent)))
        };
        let next = match way {
            Way::Own(http1, _) => http1.poll(cx, |driven, cx| {
                // First the body, so that the connection finds it waiting.
                let mut frame = Pin::new(&mut *incoming).poll_frame(cx);
                if frame.is_pending() {
                    driven.drive(cx);
                    frame = Pin::new(incoming).poll_frame(cx);
                }
                match frame {
                    Poll::Ready(frame) => Poll::Ready(frame.map(|f| f.map_err(Broken::Off))),
                    Poll::Pending => silence(&mut driven.alarm, cx),
                }
            }),
            Way::Task(_) | Way::Shared | Way::Over => match Pin::new(incoming).poll_frame(cx) {
                Poll::Ready(frame) => Poll::Ready(frame.map(|f| f.map_err(Broken::Off))),
                Poll::Pending => silence(alarm, cx),
            },
        };
        if next.is_ready() {
            self.deadline = None;
        }
        next
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
        let next = this.poll_next(cx);
        match &next {
            Poll::Ready(None) => this.give_back(),
            Poll::Ready(Some(Err(error))) => {
                this.way = Way::Over;
                tracing::debug!(%error, "an upstream broke its answer off");
            }
            Poll::Ready(Some(Ok(_))) | Poll::Pending => {}
        }
        next
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
