//! Browsers that call from pages of other origins: CORS, as the Fetch standard has it.
//!
//! A pre-flight has no key, so it is answered for every origin that some tenant of the policy lists; the
//! call itself is held to its key's own tenant. An origin is compared whole and never made up from what
//! was sent, `null` is none, and nothing is ever open to `*` (WB-10).

use super::{Compiled, Refusal};
use crate::{app::App, failure::Failure};
use domain::id::Scope;
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// What a pre-flight lets a page send. The rest of the calls that a page can make is refused by nobody
/// but the upstream.
const METHODS: HeaderValue =
    HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
/// Seconds for which a browser may keep the answer to a pre-flight: an origin that is taken off a list
/// is then asked for again. Its calls are refused to the page at once.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
const YES: HeaderValue = HeaderValue::from_static("true");
const VARY: HeaderValue = HeaderValue::from_static("Origin");
/// What a page may read of every answer.
const EXPOSED: &str = "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, \
                       X-Keyward-Secret-Ends, X-Keyward-Days-Left";
/// What a page may send besides the policy's own headers and any `x-` that is not ours: the headers of
/// the fetch standard and those that APIs commonly read.
const SENT: [&str; 17] = [
    "accept",
    "accept-language",
    "authorization",
    "cache-control",
    "content-language",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "last-event-id",
    "origin",
    "pragma",
    "prefer",
    "range",
    "traceparent",
];
/// What proxies and we ourselves say of a call: no page says it.
const NOT_SENT: [&str; 4] = ["x-forwarded-", "x-original-", "x-real-ip", "x-keyward-"];

/// The answer's header fields, where the call is a pre-flight: `OPTIONS` with `Origin` and
/// `Access-Control-Request-Method`. `None`: it is a call like any other, and needs a key.
#[must_use]
pub fn preflight(
    app: &App,
    policy: &Compiled,
    method: &str,
    headers: &HeaderMap,
) -> Option<Result<HeaderMap, Refusal>> {
    if method != "OPTIONS"
        || !headers.contains_key(header::ORIGIN)
        || !headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
    {
        return None;
    }
    let of_policy = policy.policy().tenant;
    let allowed = origin(headers)
        .filter(|(text, _)| app.service().origins().allows(of_policy, text))
        .map(|(_, value)| answered(policy, value, headers));
    Some(allowed.ok_or_else(|| Failure::OriginNotAllowed.into()))
}

/// The one `Origin` of a call.
#[must_use]
pub fn origin(headers: &HeaderMap) -> Option<(&str, &HeaderValue)> {
    let mut fields = headers.get_all(header::ORIGIN).iter();
    let field = fields.next()?;
    let alone = fields.next().is_none();
    field.to_str().ok().filter(|text| alone && !text.is_empty()).map(|text| (text, field))
}

fn answered(policy: &Compiled, origin: &HeaderValue, asked: &HeaderMap) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, YES);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    headers.insert(header::VARY, VARY);
    let fields = asked.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS).iter();
    let names = fields.filter_map(|field| field.to_str().ok()).flat_map(|field| field.split(','));
    let names: Vec<HeaderName> = names
        .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
        .filter(|name| may_be_sent(policy, name))
        .collect();
    let names = names.iter().map(HeaderName::as_str).collect::<Vec<_>>().join(", ");
    if let Ok(names) = HeaderValue::try_from(names)
        && !names.is_empty()
    {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
    headers
}

fn may_be_sent(policy: &Compiled, name: &HeaderName) -> bool {
    let text = name.as_str();
    if policy.headers.contains(name) {
        return true;
    }
    if policy.identity_names().contains(name) {
        return false;
    }
    let own = text.starts_with("x-") && !NOT_SENT.iter().any(|theirs| text.starts_with(theirs));
    own || SENT.contains(&text)
}

/// Makes an answer readable to the page that called, or to no page at all: whatever an upstream says of
/// it is dropped. `scope` is that of the call's key; without one, no page reads the answer.
pub fn dress(
    app: &App,
    policy: &Compiled,
    scope: Option<Scope>,
    origin: Option<&HeaderValue>,
    headers: &mut HeaderMap,
) {
    vary(headers);
    let exposed = undress(headers);
    let (Some(scope), Some(origin)) = (scope, origin) else { return };
    let Ok(text) = origin.to_str() else { return };
    let tenant = match scope {
        Scope::Tenant(tenant) => Some(tenant),
        // A key of the cluster belongs to every tenant that the policy serves.
        Scope::Cluster => policy.policy().tenant,
    };
    if !app.service().origins().allows(tenant, text) {
        return;
    }
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, YES);
    let exposed = match exposed {
        Some(more) => HeaderValue::try_from(format!("{EXPOSED}, {more}")),
        None => Ok(HeaderValue::from_static(EXPOSED)),
    };
    if let Ok(exposed) = exposed {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
}

/// The answer differs by origin, also where no origin is allowed.
fn vary(headers: &mut HeaderMap) {
    let named = headers.get_all(header::VARY).iter().any(|field| {
        let names = field.to_str().unwrap_or_default().split(',').map(str::trim);
        names.into_iter().any(|name| name == "*" || name.eq_ignore_ascii_case("origin"))
    });
    if !named {
        headers.append(header::VARY, VARY);
    }
}

/// Drops what an upstream said of origins; hands over which header fields it would have pages read.
fn undress(headers: &mut HeaderMap) -> Option<String> {
    const PREFIX: &str = "access-control-";
    if !headers.keys().any(|name| name.as_str().starts_with(PREFIX)) {
        return None;
    }
    let exposed = headers.get_all(header::ACCESS_CONTROL_EXPOSE_HEADERS).iter();
    let exposed = exposed.filter_map(|field| field.to_str().ok()).flat_map(|f| f.split(','));
    let exposed: Vec<String> = exposed
        .map(str::trim)
        .filter(|name| *name != "*" && HeaderName::from_bytes(name.as_bytes()).is_ok())
        .map(str::to_owned)
        .collect();
    let theirs = headers.keys().filter(|name| name.as_str().starts_with(PREFIX));
    for name in theirs.cloned().collect::<Vec<_>>() {
        headers.remove(name);
    }
    (!exposed.is_empty()).then(|| exposed.join(", "))
}
