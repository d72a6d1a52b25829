//! One call to an upstream: until the head of its answer, with the repetitions that are safe.
//!
//! Repeated is, at most twice and within the time for connecting: whatever was not begun to be sent
//! (no connection came about, or the kept one was gone already), and a method that may be repeated
//! (RFC 9110 section 9.2.2), without a body, whose connection died before the head of an answer.

use super::{
    alarm,
    head::{self, Patience},
    inbound::{Inbound, Progress},
    pool::{Lease, Pool},
    relayed::{Relayed, Way},
};
use domain::gateway_route::Timeouts;
use http::{Method, Request, Response, Uri, Version, header};
use std::{future::poll_fn, io, pin::pin, sync::Arc, time::Duration};
use tokio::time::{Instant, sleep, sleep_until};

/// Repetitions of one call, and how long each waits.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];

/// Why there is no answer of the upstream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// No connection came about, or it ended before the head of an answer, or what came is no HTTP.
    Broken,
    /// It took too long.
    Late,
    /// The client's body is longer than the route takes.
    TooLong,
    /// The client broke its body off.
    ByClient,
}

/// What became of one attempt.
pub(super) enum Failed {
    /// Nothing of the request was sent.
    Unsent(Box<Request<Inbound>>),
    /// Some of it may have been.
    Sent,
    /// Nobody needs to try again.
    For(Lost),
}

impl From<Failed> for Lost {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Unsent(_) | Failed::Sent => Self::Broken,
            Failed::For(lost) => lost,
        }
    }
}

/// Where a call goes, apart from the connection.
pub(super) struct Target {
    /// The path and query.
    pub(super) path: http::uri::PathAndQuery,
    /// The host and port as HTTP/2 names them.
    pub(super) authority: http::uri::Authority,
}

/// Sends a call; the answer's body drives the connection from then on.
pub(super) async fn send(
    pool: &Arc<Pool>,
    target: &Target,
    request: Request<Inbound>,
    timeouts: &Timeouts,
) -> Result<Response<Relayed>, Lost> {
    let again = repeatable(&request).then(|| copy_of(&request));
    let sending = Sending { pool, target, timeouts, again, begun: alarm::now() };
    let left = match pool.kept() {
        Some(lease) => match attempt(lease, pool, target, request, timeouts).await {
            Ok(response) => return Ok(response),
            Err(failed) => Err(failed),
        },
        None => Ok(request),
    };
    // On the heap: hardly any call comes here, and opening a connection is large.
    Box::pin(sending.go_on(left)).await
}

/// A call that no kept connection has brought to its end.
struct Sending<'a> {
    pool: &'a Arc<Pool>,
    target: &'a Target,
    timeouts: &'a Timeouts,
    /// The same once more, where it may be repeated.
    again: Option<Request<Inbound>>,
    begun: Instant,
}

impl Sending<'_> {
    /// Goes on with a request that is still to be sent, or after an attempt that failed.
    async fn go_on(
        self,
        mut left: Result<Request<Inbound>, Failed>,
    ) -> Result<Response<Relayed>, Lost> {
        let mut pauses = PAUSES.iter();
        let mut deadline = pin!(sleep_until(self.begun + millis(self.timeouts.connect_ms)));
        loop {
            let request = match left {
                Ok(request) => request,
                Err(failed) => {
                    let next = match failed {
                        Failed::Unsent(request) => Some(*request),
                        Failed::Sent => self.again.as_ref().map(copy_of),
                        Failed::For(lost) => return Err(lost),
                    };
                    let (Some(pause), Some(next)) = (pauses.next(), next) else {
                        return Err(Lost::Broken);
                    };
                    tokio::select! {
                        biased;
                        () = deadline.as_mut() => return Err(Lost::Broken),
                        () = sleep(*pause) => {}
                    }
                    next
                }
            };
            let leased = tokio::select! {
                biased;
                leased = self.pool.take() => leased,
                () = deadline.as_mut() => return Err(Lost::Late),
            };
            let failed = match leased {
                Ok(lease) => {
                    match attempt(lease, self.pool, self.target, request, self.timeouts).await {
                        Ok(response) => return Ok(response),
                        Err(failed) => failed,
                    }
                }
                Err(error) => {
                    let last = pauses.len() == 0 || error.kind() == io::ErrorKind::PermissionDenied;
                    if last {
                        let upstream = self.target.authority.as_str();
                        tracing::warn!(upstream, %error, "an upstream cannot be reached");
                        return Err(Lost::Broken);
                    }
                    Failed::Unsent(Box::new(request))
                }
            };
            left = Err(failed);
        }
    }
}

/// A duration of a route.
pub(super) fn millis(ms: u32) -> Duration {
    Duration::from_millis(u64::from(ms))
}

fn repeatable(request: &Request<Inbound>) -> bool {
    request.method().is_idempotent() && request.body().is_empty()
}

fn copy_of(request: &Request<Inbound>) -> Request<Inbound> {
    let mut copy = Request::new(Inbound::EMPTY);
    *copy.method_mut() = request.method().clone();
    *copy.headers_mut() = request.headers().clone();
    copy
}

async fn attempt(
    lease: Lease,
    pool: &Arc<Pool>,
    target: &Target,
    request: Request<Inbound>,
    timeouts: &Timeouts,
) -> Result<Response<Relayed>, Failed> {
    let progress = request.body().progress();
    let idle = millis(timeouts.idle_ms);
    let progress = progress.as_deref();
    let mut patience = Patience::new(progress, timeouts);
    match lease {
        Lease::Http1(mut http1) => {
            let answering = http1.sender.try_send_request(as_http1(request, target));
            let mut answering = pin!(answering);
            let answered = poll_fn(|cx| {
                http1.poll(cx, |driven, cx| {
                    driven.drive(cx);
                    patience.poll(answering.as_mut(), &mut driven.alarm, cx)
                })
            });
            let response = head::read(answered.await, progress)?;
            let way = if progress.is_none_or(Progress::ended) {
                Way::Own(http1, Arc::clone(pool))
            } else {
                // The upstream answers while the client still sends: neither may have to wait for the
                // other, so the connection gets a task of its own.
                Way::task(http1.run())
            };
            Ok(response.map(|incoming| Relayed::new(incoming, way, idle)))
        }
        Lease::Http2(mut sender) => {
            let request = as_http2(request, target);
            let answering = sender.try_send_request(request);
            let response = head::head(answering, progress, timeouts).await?;
            Ok(response.map(|incoming| Relayed::new(incoming, Way::Shared, idle)))
        }
    }
}

pub(super) fn as_http1(mut request: Request<Inbound>, target: &Target) -> Request<Inbound> {
    *request.version_mut() = Version::HTTP_11;
    *request.uri_mut() = Uri::from(target.path.clone());
    let headers = request.headers_mut();
    // An attempt over HTTP/2 took it away.
    if !headers.contains_key(header::HOST)
        && let Ok(host) = header::HeaderValue::from_str(target.authority.as_str())
    {
        headers.insert(header::HOST, host);
    }
    if headers.contains_key(header::TE) {
        headers.insert(header::CONNECTION, header::HeaderValue::from_static("te"));
    }
    // Of a length that is not known, hyper sends the body of a method that has none as a rule only when
    // it is told to.
    let unusual = matches!(*request.method(), Method::GET | Method::HEAD);
    if unusual
        && !request.body().is_empty()
        && !request.headers().contains_key(header::CONTENT_LENGTH)
    {
        let chunked = header::HeaderValue::from_static("chunked");
        request.headers_mut().insert(header::TRANSFER_ENCODING, chunked);
    }
    request
}

fn as_http2(mut request: Request<Inbound>, target: &Target) -> Request<Inbound> {
    *request.version_mut() = Version::HTTP_2;
    let headers = request.headers_mut();
    headers.remove(header::HOST);
    headers.remove(header::CONNECTION);
    headers.remove(header::TRANSFER_ENCODING);
    let mut parts = http::uri::Parts::default();
    parts.scheme = Some(http::uri::Scheme::HTTPS);
    parts.authority = Some(target.authority.clone());
    parts.path_and_query = Some(target.path.clone());
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}
