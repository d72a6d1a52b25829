//! One call to an upstream: until the head of its answer, with the repetitions that are safe.
//!
//! Repeated is, at most twice and within the time for connecting: whatever was not begun to be sent
//! (no connection came about, or the kept one was gone already), and a method that may be repeated
//! (RFC 9110 section 9.2.2), without a body, whose connection died before the head of an answer.

use super::{
    inbound::{Inbound, Progress},
    pool::{Http1, Lease, Pool},
    relayed::{Relayed, Way},
};
use domain::gateway_route::Timeouts;
use http::{Method, Request, Response, Uri, Version, header};
use hyper::body::Incoming;
use std::{
    future::{Future, poll_fn},
    io,
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};
use tokio::time::sleep;

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
    let mut next = Some(request);
    let mut pauses = PAUSES.iter();
    let connecting = millis(timeouts.connect_ms);
    let mut deadline = pin!(sleep(connecting));
    loop {
        let Some(request) = next.take() else { return Err(Lost::Broken) };
        let leased = tokio::select! {
            biased;
            leased = pool.take() => leased,
            () = deadline.as_mut() => return Err(Lost::Late),
        };
        let failed = match leased {
            Ok(lease) => match attempt(lease, pool, target, request, timeouts).await {
                Ok(response) => return Ok(response),
                Err(failed) => failed,
            },
            Err(error) => {
                let last = pauses.len() == 0 || error.kind() == io::ErrorKind::PermissionDenied;
                if last {
                    let upstream = target.authority.as_str();
                    tracing::warn!(upstream, %error, "an upstream cannot be reached");
                    return Err(Lost::Broken);
                }
                Failed::Unsent(Box::new(request))
            }
        };
        next = match failed {
            Failed::Unsent(request) => Some(*request),
            Failed::Sent => again.as_ref().map(copy_of),
            Failed::For(lost) => return Err(lost),
        };
        let (Some(pause), true) = (pauses.next(), next.is_some()) else {
            return Err(Lost::Broken);
        };
        tokio::select! {
            biased;
            () = deadline.as_mut() => return Err(Lost::Broken),
            () = sleep(*pause) => {}
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
    match lease {
        Lease::Http1(mut http1) => {
            let request = as_http1(request, target);
            let response = over_http1(&mut http1, request, progress, timeouts).await?;
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
            let response = head(answering, |_| (), progress, timeouts).await?;
            Ok(response.map(|incoming| Relayed::new(incoming, Way::Shared, idle)))
        }
    }
}

async fn over_http1(
    http1: &mut Http1,
    request: Request<Inbound>,
    progress: Option<&Progress>,
    timeouts: &Timeouts,
) -> Result<Response<Incoming>, Failed> {
    let answering = http1.sender.try_send_request(request);
    let drive = |cx: &mut std::task::Context<'_>| {
        http1.drive(cx);
    };
    head(answering, drive, progress, timeouts).await
}

type Answered = Result<Response<Incoming>, hyper::client::conn::TrySendError<Request<Inbound>>>;

/// Waits for the head of the answer. As long as the client still sends, each piece of its body renews
/// the patience; from the end of the body on, the upstream has its time.
pub(super) async fn head(
    answering: impl Future<Output = Answered>,
    mut drive: impl FnMut(&mut std::task::Context<'_>),
    progress: Option<&Progress>,
    timeouts: &Timeouts,
) -> Result<Response<Incoming>, Failed> {
    let (idle, answer) = (millis(timeouts.idle_ms), millis(timeouts.answer_ms));
    let ended = || progress.is_none_or(Progress::ended);
    let pieces = || progress.map_or(0, Progress::pieces);
    let mut answering = pin!(answering);
    let mut sent = ended();
    let mut passed = pieces();
    let mut timer = pin!(sleep(if sent { answer } else { idle }));
    let answered = poll_fn(|cx| {
        drive(cx);
        if let Poll::Ready(answered) = answering.as_mut().poll(cx) {
            return Poll::Ready(Some(answered));
        }
        if !sent && ended() {
            sent = true;
            timer.set(sleep(answer));
        }
        while timer.as_mut().poll(cx).is_ready() {
            if sent || pieces() == passed {
                return Poll::Ready(None);
            }
            passed = pieces();
            timer.set(sleep(idle));
        }
        Poll::Pending
    })
    .await;
    let too_long = progress.is_some_and(Progress::too_long);
    match answered {
        Some(Ok(response)) => Ok(response),
        None => Err(Failed::For(Lost::Late)),
        Some(Err(_)) if too_long => Err(Failed::For(Lost::TooLong)),
        Some(Err(_)) if progress.is_some_and(Progress::broken) => Err(Failed::For(Lost::ByClient)),
        Some(Err(mut error)) => Err(match error.take_message() {
            Some(request) => Failed::Unsent(Box::new(request)),
            None => {
                tracing::debug!(error = %error.into_error(), "an upstream gave no answer");
                Failed::Sent
            }
        }),
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
