//! A call's body on its way to the upstream: one piece in memory at a time, counted.

use super::headers;
use bytes::Bytes;
use domain::gateway_route::GatewayRoute;
use http_body::{Body, Frame, SizeHint};
use std::{
    fmt,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
};

/// The body that goes upstream.
pub(super) enum Inbound {
    /// All of it; `None`: there is none, or it was taken.
    Whole(Option<Bytes>),
    /// Piece by piece, as the client sends it.
    Streamed {
        /// What the client sends.
        body: axum::body::Body,
        /// How much more of it may come.
        left: Option<u64>,
        /// What its trailers may be.
        rule: Arc<GatewayRoute>,
        /// Where the sender learns how it goes.
        progress: Arc<Progress>,
    },
}

/// How a body's way upstream goes.
#[derive(Debug, Default)]
pub(super) struct Progress {
    ended: AtomicBool,
    too_long: AtomicBool,
    broken: AtomicBool,
    pieces: AtomicU32,
}

impl Progress {
    /// Nothing more of it will come, for whatever reason.
    pub(super) fn ended(&self) -> bool {
        self.ended.load(Relaxed)
    }

    /// It was longer than the route takes.
    pub(super) fn too_long(&self) -> bool {
        self.too_long.load(Relaxed)
    }

    /// The client broke it off.
    pub(super) fn broken(&self) -> bool {
        self.broken.load(Relaxed)
    }

    /// Counts what passed.
    pub(super) fn pieces(&self) -> u32 {
        self.pieces.load(Relaxed)
    }
}

/// Why a body ended before its end.
#[derive(Debug)]
pub(super) enum Broken {
    /// It is longer than the route takes.
    TooLong,
    /// The client broke it off.
    ByClient,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the body is too long",
            Self::ByClient => "the client broke the body off",
        })
    }
}

impl std::error::Error for Broken {}

impl Inbound {
    /// No body.
    pub(super) const EMPTY: Self = Self::Whole(None);

    /// What the client sends, up to what the route takes.
    pub(super) fn streamed(body: axum::body::Body, rule: &Arc<GatewayRoute>) -> Self {
        if body.is_end_stream() {
            return Self::EMPTY;
        }
        let (left, rule) = (rule.max_body_bytes, Arc::clone(rule));
        Self::Streamed { body, left, rule, progress: Arc::default() }
    }

    /// How its way goes; `None`: it is all here.
    pub(super) fn progress(&self) -> Option<Arc<Progress>> {
        match self {
            Self::Whole(_) => None,
            Self::Streamed { progress, .. } => Some(Arc::clone(progress)),
        }
    }

    /// Whether the same can be sent again.
    pub(super) const fn is_empty(&self) -> bool {
        matches!(self, Self::Whole(None))
    }
}

impl Body for Inbound {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let (body, left, rule, progress) = match self.get_mut() {
            Self::Whole(bytes) => return Poll::Ready(bytes.take().map(|b| Ok(Frame::data(b)))),
            Self::Streamed { body, left, rule, progress } => (body, left, rule, progress),
        };
        let frame = ready!(Pin::new(&mut *body).poll_frame(cx));
        progress.pieces.fetch_add(1, Relaxed);
        let frame = match frame {
            None => None,
            Some(Err(_)) => {
                progress.broken.store(true, Relaxed);
                Some(Err(Broken::ByClient))
            }
            Some(Ok(mut frame)) => match (frame.data_ref(), left) {
                (Some(data), Some(left)) => {
                    let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
                    match left.checked_sub(length) {
                        Some(rest) => {
                            *left = rest;
                            Some(Ok(frame))
                        }
                        None => {
                            progress.too_long.store(true, Relaxed);
                            Some(Err(Broken::TooLong))
                        }
                    }
                }
                _ => {
                    if let Some(trailers) = frame.trailers_mut() {
                        headers::clean_trailers(trailers, &rule.policy.identity);
                    }
                    Some(Ok(frame))
                }
            },
        };
        if !matches!(frame, Some(Ok(_))) || body.is_end_stream() {
            progress.ended.store(true, Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_none(),
            Self::Streamed { body, .. } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64))
            }
            Self::Streamed { body, .. } => body.size_hint(),
        }
    }
}

/// What hyper dropped it will not ask for again.
impl Drop for Inbound {
    fn drop(&mut self) {
        if let Self::Streamed { progress, .. } = self {
            progress.ended.store(true, Relaxed);
        }
    }
}

impl fmt::Debug for Inbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inbound")
    }
}
