//! Which headers are free for what a policy names.

/// Headers that mean something to proxies, servers or browsers, and so carry no identity.
const OTHER_HEADERS: &[&str] = &[
    "age",
    "allow",
    "alt-svc",
    "authorization",
    "cache-control",
    "connection",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "early-data",
    "etag",
    "expect",
    "expires",
    "forwarded",
    "from",
    "host",
    "http2-settings",
    "idempotency-key",
    "keep-alive",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "origin",
    "pragma",
    "prefer",
    "priority",
    "range",
    "referer",
    "retry-after",
    "server",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "via",
    "www-authenticate",
    "x-http-method-override",
    "x-keyward-authorization",
    "x-keyward-policy",
    "x-keyward-status",
    "x-real-ip",
    "x-request-id",
];

/// The same by their beginnings.
const OTHER_BEGINNINGS: &[&str] = &[
    "accept",
    "access-control-",
    "content-",
    "if-",
    "proxy-",
    "ratelimit",
    "sec-",
    "x-forwarded-",
    "x-original-",
];

/// Whether an upstream may learn whose key it was from a header of this name: lower case, and not one
/// that means something else.
#[must_use]
pub fn is_identity_header(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=64).contains(&text.len())
        && text.bytes().all(plain)
        && !OTHER_HEADERS.contains(&text)
        && !OTHER_BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
}

/// Whether a key may not be presented in a header of this name: what carries no identity carries no
/// key, and neither does what is ours.
pub(super) fn is_taken_header(name: &str) -> bool {
    !is_identity_header(name) || name.starts_with("x-keyward-")
}
