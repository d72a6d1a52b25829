//! Calls that use cases make: one request on a connection of its own, JSON back, and nothing else of what
//! the other side may do (SS-02, AP-10): no redirection is followed, no answer but a good one is read, and
//! all of it has an end.

use super::{Outgoing, Tls, connect};
use bytes::Bytes;
use domain::gateway_route::Upstream;
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header, uri::Authority,
};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use service::outbound::{Answer, Call, CallFailed, MAX_ANSWER_BYTES, Outbound, PATIENCE_MS};
use std::{
    io,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::time::timeout;

/// An answer's head.
const MAX_HEAD_BYTES: usize = 32 * 1024;
const MAX_HEADERS: usize = 100;

/// How use cases call others from this process.
pub(crate) fn outbound(outgoing: &Outgoing) -> Outbound {
    if let Some(calls) = &outgoing.calls {
        return calls.clone();
    }
    within(outgoing, Duration::from_millis(PATIENCE_MS))
}

fn within(outgoing: &Outgoing, patience: Duration) -> Outbound {
    let outgoing = outgoing.clone();
    // Made by the first call: most installations make none.
    let tls: Arc<OnceLock<Tls>> = Arc::default();
    Outbound::new(move |call| {
        let (outgoing, tls) = (outgoing.clone(), Arc::clone(&tls));
        Box::pin(async move {
            let tls = tls.get_or_init(|| Tls::new(&outgoing));
            let done = timeout(patience, make(&call, &outgoing, tls)).await;
            done.unwrap_or(Err(CallFailed::TooLate))
        })
    })
}

async fn make(call: &Call, outgoing: &Outgoing, tls: &Tls) -> Result<Answer, CallFailed> {
    let uri: Uri = call.url.parse().map_err(|_| CallFailed::NotAllowed)?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(CallFailed::NotAllowed);
    };
    let server = Upstream::parse(&format!("{scheme}://{authority}"));
    let server = server.map_err(|_| CallFailed::NotAllowed)?;
    let server = Upstream { configured: call.trusted, ..server };
    let line =
        connect(&server, outgoing, tls, false).await.map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => CallFailed::NotAllowed,
            _ => CallFailed::NoAnswer,
        })?;
    let mut builder = http1::Builder::new();
    builder.max_buf_size(MAX_HEAD_BYTES).max_headers(MAX_HEADERS);
    let shaken = builder.handshake::<_, Full<Bytes>>(TokioIo::new(line)).await;
    let (mut sender, connection) = shaken.map_err(|_| CallFailed::NoAnswer)?;
    let request = request(call, &uri, authority)?;
    let calling = async {
        let response = sender.send_request(request).await.map_err(|_| CallFailed::NoAnswer)?;
        read(response).await
    };
    tokio::pin!(calling, connection);
    tokio::select! {
        biased;
        answer = &mut calling => answer,
        // It closed; what it brought before is still to be read.
        _ = &mut connection => calling.await,
    }
}

fn request(
    call: &Call,
    uri: &Uri,
    authority: &Authority,
) -> Result<Request<Full<Bytes>>, CallFailed> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = Request::builder()
        .uri(path)
        .header(header::HOST, authority.as_str())
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, "keyward");
    if let Some(authorization) = &call.authorization {
        let mut value =
            HeaderValue::from_str(authorization.expose()).map_err(|_| CallFailed::NotAllowed)?;
        value.set_sensitive(true);
        request = request.header(header::AUTHORIZATION, value);
    }
    let request = match &call.form {
        None => request.method(Method::GET).body(Full::default()),
        Some(form) => request
            .method(Method::POST)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::copy_from_slice(form.expose().as_bytes()))),
    };
    request.map_err(|_| CallFailed::NotAllowed)
}

async fn read(response: Response<Incoming>) -> Result<Answer, CallFailed> {
    let (head, body) = response.into_parts();
    let mut answer = Answer {
        status: head.status.as_u16(),
        body: Vec::new(),
        max_age_s: max_age(&head.headers),
    };
    // Of a refusal or a redirection nobody reads more.
    if head.status != StatusCode::OK {
        return Ok(answer);
    }
    if !is_json(&head.headers) {
        return Err(CallFailed::NotJson);
    }
    let whole = Limited::new(body, MAX_ANSWER_BYTES).collect().await;
    let whole = whole.map_err(|error| match error.is::<http_body_util::LengthLimitError>() {
        true => CallFailed::TooLong,
        false => CallFailed::NoAnswer,
    })?;
    answer.body = whole.to_bytes().to_vec();
    Ok(answer)
}

/// JSON, or a kind of it, and not packed.
fn is_json(headers: &HeaderMap) -> bool {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return false;
    }
    let mut kinds = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(kind), None) = (kinds.next().and_then(|kind| kind.to_str().ok()), kinds.next())
    else {
        return false;
    };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// For how long an answer may be kept by its own account (RFC 9111 section 5.2.2).
fn max_age(headers: &HeaderMap) -> Option<u32> {
    let fields = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|f| f.to_str().ok());
    let mut words = fields.flat_map(|field| field.split(',')).map(str::trim);
    words.find_map(|word| match word.split_once('=') {
        Some((name, age)) if name.eq_ignore_ascii_case("max-age") => {
            age.trim_matches('"').parse().ok()
        }
        None if ["no-store", "no-cache"].iter().any(|no| word.eq_ignore_ascii_case(no)) => Some(0),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
