//! The frame around every request that is not a hot one. From outside to inside: shed what is too
//! much, catch panics, keep the deadline, route; then render what failed, add the headers that every
//! answer carries, and log once.

mod access_log;

pub(crate) use access_log::{log_front, log_relayed};

use crate::{
    answer::{Body, SilentOnKeeping},
    client_address,
    config::Limits,
    error_style::Carried,
    extract::body::BodyDeadline,
    failure::{ErrorStyle, Failure, Rendering},
    frame::Frame,
    peer::Peer,
    rate_limit_headers,
    request_id::RequestId,
    route::Surface,
    trace::Trace,
};
use axum::extract::Request;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri, Version, header};
use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
};
use tower::ServiceExt;

/// The realm of challenges where a surface names no other.
const REALM: &str = "keyward";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// A browser that was here by TLS, at a proxy, comes by nothing else for a year (RFC 6797).
pub(crate) const ONLY_TLS: HeaderValue =
    HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Answers a request by the router.
pub(crate) async fn answer(
    frame: &Frame,
    router: &axum::Router,
    surfaces: &'static [&'static Surface],
    peer: Peer,
    request: Request,
) -> Response<Body> {
    let client = client_address::client_address(
        peer.address,
        request.headers(),
        &frame.config.trusted_proxies,
    );
    let trace = Arc::new(Trace::new(frame.ids.next(), frame.now(), client, peer));
    let (method, version) = (request.method().clone(), request.version());
    let by_tls = is_by_tls_of_a_proxy(frame, peer, request.headers());
    let path = request.uri().path().to_owned();
    let outcome = run(frame, router, &trace, request).await;
    let style = || trace.style(surfaces, &path);
    let rendering = Rendering {
        request_id: trace.request_id.as_str(),
        method: &method,
        operation: trace.route().map(|route| route.operation),
    };
    let (mut response, failure) = match outcome {
        Err(failure) => (render(&failure, style(), &rendering, version), Some(Arc::new(failure))),
        Ok(mut response) => match response.extensions_mut().remove::<Carried>() {
            Some(Carried(failure)) => {
                (render(&failure, style(), &rendering, version), Some(failure))
            }
            None => (response.map(Body::Streamed), None),
        },
    };
    dress(&mut response, &trace.request_id);
    if by_tls {
        response.headers_mut().entry(header::STRICT_TRANSPORT_SECURITY).or_insert(ONLY_TLS);
    }
    access_log::log(frame, &trace, &method, &response, failure.as_deref());
    response
}

/// Whether a proxy that we trust took this request by TLS. Of TLS that ends here the connection says so.
fn is_by_tls_of_a_proxy(frame: &Frame, peer: Peer, headers: &HeaderMap) -> bool {
    let config = &frame.config;
    let trusted = peer.address.is_some_and(|peer| {
        client_address::is_trusted(peer.to_canonical(), &config.trusted_proxies)
    });
    let proxied = trusted && client_address::came_through_a_proxy(headers);
    proxied && config.public_url.starts_with("https://") && !client_address::says_clear(headers)
}

async fn run(
    frame: &Frame,
    router: &axum::Router,
    trace: &Arc<Trace>,
    mut request: Request,
) -> Result<axum::response::Response, Failure> {
    let limits = frame.config.limits;
    let Ok(_place) = frame.in_flight.try_acquire() else {
        frame.counters.shed_one();
        return Err(Failure::Shed);
    };
    check_sizes(request.uri(), request.headers(), &limits)?;
    check_encoding(request.headers())?;
    request.extensions_mut().insert(Arc::clone(trace));
    request.extensions_mut().insert(BodyDeadline(limits.body));
    let handled = caught(router.clone().oneshot(request));
    match tokio::time::timeout(limits.request, handled).await {
        Ok(Some(Ok(response))) => Ok(response),
        Ok(Some(Err(never))) => match never {},
        Ok(None) => {
            frame.counters.panicked();
            Err(Failure::Panic)
        }
        Err(_) => {
            frame.counters.timed_out();
            Err(Failure::Timeout)
        }
    }
}

/// Bounds the address and the header fields (HT-02); hyper's own bound is its read buffer's.
pub(crate) fn check_sizes(uri: &Uri, headers: &HeaderMap, limits: &Limits) -> Result<(), Failure> {
    if uri.path().len() + uri.query().map_or(0, str::len) > limits.uri_bytes {
        return Err(Failure::UriTooLong);
    }
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if bytes > limits.header_bytes { Err(Failure::HeadersTooLarge) } else { Ok(()) }
}

/// A body that would have to be unpacked.
pub(crate) const ENCODED: Failure =
    Failure::UnsupportedMediaType { wanted: "sent without a Content-Encoding" };

/// Nothing is unpacked here: a small body that becomes a large one is no use to anybody but an attacker
/// (HT-05).
pub(crate) fn check_encoding(headers: &HeaderMap) -> Result<(), Failure> {
    let plain = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(header::CONTENT_ENCODING).iter().all(plain) { Ok(()) } else { Err(ENCODED) }
}

/// Runs a future; `None` when it panicked (MH-04). Whatever it held is dropped, nothing of it is used
/// again. A large one is better pinned where it is called: handed over, it would take its place twice.
pub(crate) async fn caught<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(move |cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(output)) => Poll::Ready(Some(output)),
        Err(_) => Poll::Ready(None),
    })
    .await
}

/// A failure in its style, with the header fields that HTTP wants of it.
pub(crate) fn render(
    failure: &Failure,
    style: ErrorStyle,
    rendering: &Rendering<'_>,
    version: Version,
) -> Response<Body> {
    let mut response = (style.render)(failure, rendering);
    let status = response.status();
    let headers = response.headers_mut();
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
        && let Some(seconds) = failure.retry_after_s()
    {
        rate_limit_headers::add_retry_after(headers, seconds);
    }
    if let Failure::CallerLimited(state) = failure {
        rate_limit_headers::add(headers, "caller", state);
    }
    if let Some(challenge) = failure.challenge(REALM) {
        headers.entry(header::WWW_AUTHENTICATE).or_insert(challenge);
    }
    if let Failure::MethodNotAllowed { allow } = failure
        && let Ok(allow) = HeaderValue::from_str(allow)
    {
        headers.insert(header::ALLOW, allow);
    }
    // What a panicking handler left unread is not worth finding the next request in.
    if matches!(failure, Failure::Panic) && version < Version::HTTP_2 {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// What every answer carries. Answers are about secrets or about live state: nobody may keep them,
/// unless the surface said otherwise.
pub(crate) fn dress(response: &mut Response<Body>, request_id: &RequestId) {
    let silent = response.extensions_mut().remove::<SilentOnKeeping>().is_some();
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(request_id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !silent {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
}
