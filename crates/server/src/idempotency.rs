//! `Idempotency-Key`: an operation that makes something makes it once (HT-08).
//!
//! Behind the access check and in front of the handler, for every row of a table that says
//! `.idempotent()`. What is kept of the answer has lost its secret.

use crate::{
    answer,
    app::App,
    extract::body,
    failure::Failure,
    route::{MAX_BODY_BYTES, Route},
};
use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use service::{
    Caller, Error,
    idempotency::{Answered, Begun, Call, Turn},
};
use tower::ServiceExt;

/// The request's header field.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The same as it is written.
pub(crate) const IDEMPOTENCY_KEY_NAME: &str = "Idempotency-Key";
/// In an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const MAX_KEY_BYTES: usize = 255;
/// The members that a repetition does not show again (OT-01).
const SECRETS: [&str; 2] = ["secret", "password"];

/// Answers a request of a route that makes something.
pub(crate) async fn answer<S>(
    app: &App,
    route: &'static Route,
    request: Request,
    handler: S,
) -> Result<Response, Failure>
where
    S: tower::Service<Request, Response = Response, Error = std::convert::Infallible>
        + Send
        + 'static,
    S::Future: Send,
{
    let Some(key) = key(request.headers())? else { return Ok(done(handler, request).await) };
    let Some(caller) = request.extensions().get::<Caller>().cloned() else {
        // A public route knows nobody whose repetition this could be.
        return Ok(done(handler, request).await);
    };
    let (parts, body) = request.into_parts();
    let mut probe = Request::new(body);
    *probe.extensions_mut() = parts.extensions.clone();
    let bytes = body::of_request(probe).await?;
    let path = parts.uri.path_and_query().map_or("", |p| p.as_str());
    let call = Call { operation: route.operation, key: &key, path, body: &bytes };
    match app.service().begin_once(&caller, call).await? {
        Turn::First(begun) => {
            let app = app.clone();
            let request = Request::from_parts(parts, axum::body::Body::from(bytes));
            // On a task of its own: a client that goes away must not keep the end from being noted.
            let work = tokio::spawn(async move { first(&app, begun, handler, request).await });
            work.await.map_err(|_| Failure::Panic)?
        }
        Turn::Repeated(before) => Ok(repeated(before)),
        Turn::AnotherBody => Err(Failure::IdempotencyKeyReused),
        Turn::Unfinished => Err(Failure::Service(Error::conflict(
            "idempotency_key",
            "the first call with this Idempotency-Key has not ended, or broke off: wait a moment; \
             if this stays so, look for what it made, and use another key",
        ))),
    }
}

async fn done<S>(handler: S, request: Request) -> Response
where
    S: tower::Service<Request, Response = Response, Error = std::convert::Infallible>,
{
    match handler.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

async fn first<S>(
    app: &App,
    begun: Begun,
    handler: S,
    request: Request,
) -> Result<Response, Failure>
where
    S: tower::Service<Request, Response = Response, Error = std::convert::Infallible>,
{
    let response = done(handler, request).await;
    let status = response.status();
    if status.is_client_error() {
        app.service().end_once(begun, None).await?;
        return Ok(response);
    }
    if !status.is_success() {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = body::read(body, MAX_BODY_BYTES, None).await?;
    let etag = parts.headers.get(header::ETAG).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let end =
        without_secret(&bytes).map(|answer| Answered { status: status.as_u16(), etag, answer });
    // The thing is made and its secret leaves once: a note that fails does not keep it back.
    if let Some(end) = end
        && let Err(error) = app.service().end_once(begun, Some(end)).await
    {
        tracing::warn!(%error, "the end of a call could not be noted; its repetition will be refused");
    }
    Ok(Response::from_parts(parts, axum::body::Body::from(bytes)))
}

/// The one `Idempotency-Key`.
fn key(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    let fits = (1..=MAX_KEY_BYTES).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_graphic())
        && values.next().is_none();
    if fits {
        return Ok(Some(text.to_owned()));
    }
    let wanted = format!("must be one value of 1 to {MAX_KEY_BYTES} visible ASCII characters");
    Err(Failure::Service(Error::invalid("Idempotency-Key", wanted)))
}

/// The answer as it is kept.
fn without_secret(answer: &[u8]) -> Option<String> {
    let mut document: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(answer).ok()?;
    for member in SECRETS {
        document.shift_remove(member);
    }
    serde_json::to_string(&document).ok()
}

fn repeated(before: Answered) -> Response {
    let status = StatusCode::from_u16(before.status).unwrap_or(StatusCode::OK);
    let mut response = answer::with_type(status, "application/json", before.answer);
    let headers = response.headers_mut();
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if let Some(etag) = before.etag.and_then(|tag| HeaderValue::try_from(tag).ok()) {
        headers.insert(header::ETAG, etag);
    }
    response.into_response()
}
