//! From a call that may pass to what the upstream gets of it.

use super::{forwarded, headers, inbound::Inbound, path, send::Target, serve::Calling};
use crate::{
    client_address::is_trusted,
    enforce::{Admitted, Used, parameters},
    extract::body,
    failure::Failure,
};
use bytes::Bytes;
use domain::{gateway_route::GatewayRoute, id::Scope, policy::Source};
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, header, request::Parts, uri::PathAndQuery,
};
use http_body::Body as _;

/// A form that may hold the key is read to its end, so it may not be longer.
const MAX_FORM_BYTES: usize = 64 * 1024;
const FORM: &[u8] = b"application/x-www-form-urlencoded";
/// Fields that a call is given: who asks and through whom, and whose key it was.
const ADDED: usize = 12;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A call ready for the upstream.
pub(super) struct Ready {
    pub(super) request: Request<Inbound>,
    pub(super) target: Target,
    /// Whether its key stood in the address.
    pub(super) by_query: bool,
}

/// Whether the body is a form in which the key may be.
pub(super) fn may_hold_key(calling: &Calling<'_>, head: &Parts) -> bool {
    calling.route.enforced.reads_parameters() && is_form(&head.headers)
}

/// The form that such a body is.
///
/// # Errors
/// It is too long, too slow, or no text.
pub(super) async fn form(
    calling: &Calling<'_>,
    body: Option<axum::body::Body>,
) -> Result<(Option<String>, Option<axum::body::Body>), Failure> {
    let Some(body) = body else { return Ok((None, None)) };
    let limit = calling.route.rule.max_body_bytes.and_then(|limit| usize::try_from(limit).ok());
    let max_bytes = limit.map_or(MAX_FORM_BYTES, |limit| limit.min(MAX_FORM_BYTES));
    let bytes = body::read(body, max_bytes, Some(calling.app.config().limits.body)).await?;
    match String::from_utf8(bytes.into()) {
        Ok(text) => Ok((Some(text), None)),
        Err(_) => {
            Err(Failure::BadForm { field: None, detail: "the form is no UTF-8 text".to_owned() })
        }
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| {
        let kind = value.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
        kind.trim_ascii().eq_ignore_ascii_case(FORM)
    })
}

/// Refuses a body that says itself that it is too long.
///
/// # Errors
/// [`Failure::BodyTooLarge`].
pub(super) fn check_length(
    body: Option<&axum::body::Body>,
    max_bytes: Option<u64>,
) -> Result<(), Failure> {
    match (body, max_bytes) {
        (Some(body), Some(max_bytes)) if body.size_hint().lower() > max_bytes => {
            Err(too_long(max_bytes))
        }
        _ => Ok(()),
    }
}

pub(super) fn too_long(max_bytes: u64) -> Failure {
    Failure::BodyTooLarge { max_bytes: usize::try_from(max_bytes).unwrap_or(usize::MAX) }
}

/// The place that the secret is taken out of: always, where a tenant made the route and the secret opens
/// more than it should see, as a key of the cluster does, and a token, which carries rights.
pub(super) fn taken<'a>(rule: &GatewayRoute, admitted: &'a Admitted) -> Option<&'a Used> {
    let of_tenant = matches!(rule.policy.source, Source::Stored { owner: Scope::Tenant(_), .. });
    let is_foreign = of_tenant && (admitted.scope == Scope::Cluster || admitted.is_token);
    (!rule.forward_secret || is_foreign).then_some(&admitted.used)
}

/// Turns the call into the upstream's: the secret out, whose it was in, and what is for us alone away.
///
/// # Errors
/// The path cannot be made.
pub(super) fn ready(
    calling: &Calling<'_>,
    head: Parts,
    body: Inbound,
    admitted: Admitted,
) -> Result<Ready, Failure> {
    let rule = &calling.route.rule;
    let used = taken(rule, &admitted);
    let path = target_path(calling, &head, used)?;
    let mut headers = head.headers;
    headers.reserve(ADDED);
    match used {
        Some(Used::Header(name)) => drop(headers.remove(name)),
        Some(Used::Bearer) => drop(headers.remove(header::AUTHORIZATION)),
        Some(Used::Query(_) | Used::Form(_)) | None => {}
    }
    let peer = calling.peer;
    let trusted =
        peer.address.is_some_and(|peer| is_trusted(peer, &calling.app.config().trusted_proxies));
    let host = client_host(&headers, &head.uri);
    headers::clean_request(&mut headers, &rule.policy.identity, head.version, trusted);
    let told = forwarded::Told { peer, client: calling.client, host: host.as_ref() };
    forwarded::tell(&mut headers, &told);
    let host = host.filter(|_| rule.forward_host).unwrap_or_else(|| calling.route.host.clone());
    headers.insert(header::HOST, host);
    if let Ok(id) = HeaderValue::from_str(calling.request_id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    if let Inbound::Whole(bytes) = &body
        && (bytes.is_some() || headers.contains_key(header::CONTENT_LENGTH))
    {
        let length = bytes.as_ref().map_or(0, Bytes::len);
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    let by_query = matches!(admitted.used, Used::Query(_));
    admitted.identity.write(&mut headers);
    let mut request = Request::new(body);
    *request.method_mut() = head.method;
    *request.headers_mut() = headers;
    let target = Target { path, authority: calling.route.authority.clone() };
    Ok(Ready { request, target, by_query })
}

/// The path and query as the upstream gets them.
fn target_path(
    calling: &Calling<'_>,
    head: &Parts,
    used: Option<&Used>,
) -> Result<PathAndQuery, Failure> {
    let rule = &calling.route.rule;
    let strip = rule.strip_prefix.then_some(rule.prefix.as_str());
    let (path, query) = (head.uri.path(), head.uri.query());
    if let (Some(Used::Query(name)), Some(query)) = (used, query) {
        let left = parameters::without(query, name);
        let left = (!left.is_empty()).then_some(left.as_str());
        return path::upstream_path(&rule.upstream.base, strip, path, left);
    }
    match head.uri.path_and_query() {
        // Nothing changes: no copy either.
        Some(same)
            if strip.is_none() && rule.upstream.base.is_empty() && !path.starts_with("//") =>
        {
            Ok(same.clone())
        }
        _ => path::upstream_path(&rule.upstream.base, strip, path, query),
    }
}

/// The host that the client meant: HTTP/2, and a full address of HTTP/1.1, say it in the target.
fn client_host(headers: &HeaderMap, uri: &http::Uri) -> Option<HeaderValue> {
    match uri.authority() {
        Some(authority) => HeaderValue::from_str(authority.as_str()).ok(),
        None => headers.get(header::HOST).cloned(),
    }
}

/// What is left of a form once the secret was taken out of it.
pub(super) fn form_left(form: String, used: Option<&Used>) -> Bytes {
    match used {
        Some(Used::Form(name)) => parameters::without(&form, name).into(),
        _ => form.into(),
    }
}
