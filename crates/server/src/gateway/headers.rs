//! Which header fields go on, in either direction.
//!
//! Not those that are for one connection (RFC 9110 section 7.6.1). Upstream, besides, nothing by which a
//! client could pass for us: not the identity headers, whatever their spelling, and, unless a trusted
//! proxy sent them, none of those in which proxies say whom they forward for.

use domain::policy::IdentityHeaders;
use http::{HeaderMap, HeaderName, HeaderValue, Version, header};

/// What stands in the place of the version in `Via`.
const VIA_1_0: HeaderValue = HeaderValue::from_static("1.0 keyward");
const VIA_1_1: HeaderValue = HeaderValue::from_static("1.1 keyward");
const VIA_2: HeaderValue = HeaderValue::from_static("2 keyward");

/// Names by which proxies say whom they forward for, with `-` for `_`.
const FORWARDING: [&str; 3] = ["forwarded", "x-real-ip", "x-client-ip"];
const FORWARDING_PREFIX: &str = "x-forwarded-";
/// Names by which proxies say which call it was: what was judged, and nothing else, goes upstream.
const NAMING: [&str; 3] = ["x-forwarded-uri", "x-forwarded-method", "x-rewrite-url"];
const NAMING_PREFIX: &str = "x-original-";
/// Ours, all of them.
const OUR_PREFIX: &str = "x-keyward-";

/// Takes out what must not reach the upstream, and adds `Via`. Whether the client reads trailers stays:
/// as a word to the upstream it is ours.
pub(super) fn clean_request(
    headers: &mut HeaderMap,
    identity: &IdentityHeaders,
    version: Version,
    from_trusted: bool,
) {
    let trailers = wants_trailers(headers);
    drop_connection_fields(headers);
    let names: Vec<HeaderName> = headers
        .keys()
        .filter(|name| is_forged(name.as_str(), identity, from_trusted))
        .cloned()
        .collect();
    for name in names {
        headers.remove(name);
    }
    if headers
        .get(header::EXPECT)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
    {
        // Ours to answer: it is, when the upstream begins to take the body.
        headers.remove(header::EXPECT);
    }
    if trailers {
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
    }
    join_cookies(headers);
    headers.append(
        header::VIA,
        match version {
            Version::HTTP_2 => VIA_2,
            Version::HTTP_10 => VIA_1_0,
            _ => VIA_1_1,
        },
    );
}

/// Takes out of the trailers what must not reach the upstream. There are servers that take trailers for
/// header fields; so nothing stands there that a header would not be believed for, and nothing by which
/// a call is framed, routed or proven (RFC 9110 section 6.5.1).
pub(super) fn clean_trailers(trailers: &mut HeaderMap, identity: &IdentityHeaders) {
    drop_connection_fields(trailers);
    let names: Vec<HeaderName> = trailers
        .keys()
        .filter(|name| is_forged(name.as_str(), identity, false) || is_no_trailer(name))
        .cloned()
        .collect();
    for name in names {
        trailers.remove(name);
    }
}

fn is_no_trailer(name: &HeaderName) -> bool {
    begins(name.as_str(), "content-")
        || matches!(
            *name,
            header::AUTHORIZATION
                | header::COOKIE
                | header::EXPECT
                | header::HOST
                | header::MAX_FORWARDS
                | header::TRAILER
                | header::VIA
        )
}

/// Whether everybody finds the end of the body where we do: it comes in chunks or it does not, and a
/// length is said once. Other codings, or the same one twice, we would take off without knowing them
/// (RFC 9112 section 6.1); HTTP/2 lets a length be said twice (RFC 9110 section 8.6).
pub(super) fn has_plain_framing(headers: &HeaderMap) -> bool {
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).iter();
    if lengths.next().is_some_and(|length| !length.as_bytes().iter().all(u8::is_ascii_digit))
        || lengths.next().is_some()
    {
        return false;
    }
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked"),
        (Some(_), Some(_)) => false,
    }
}

/// Takes out what is for the connection to the upstream alone.
pub(super) fn clean_response(headers: &mut HeaderMap) {
    drop_connection_fields(headers);
}

/// Keeps an answer out of caches that several people share: its key stood in the address, so such a cache
/// would go on answering for a key that was revoked (BT-04).
pub(super) fn keep_private(headers: &mut HeaderMap) {
    let mut fields = headers.get_all(header::CACHE_CONTROL).iter();
    let is_kept_nowhere = |field: &HeaderValue| {
        let mut words = field.as_bytes().split(|byte| *byte == b',');
        words.any(|word| word.trim_ascii().eq_ignore_ascii_case(b"no-store"))
    };
    if !fields.any(is_kept_nowhere) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private"));
    }
}

/// To which protocol the client wants to change, where it says so in the way of HTTP/1.1. Not to another
/// HTTP: what came then would pass by us unread.
pub(super) fn wanted_upgrade(headers: &HeaderMap, version: Version) -> Option<HeaderValue> {
    if version != Version::HTTP_11 || !connection_names(headers, "upgrade") {
        return None;
    }
    let value = headers.get(header::UPGRADE)?;
    let text = value.to_str().ok()?.trim().to_ascii_lowercase();
    let other = !text.is_empty()
        && !text.contains(',')
        && !text.starts_with("h2")
        && !text.starts_with("http")
        && !text.starts_with("tls");
    (other && headers.get_all(header::UPGRADE).iter().count() == 1).then(|| value.clone())
}

fn wants_trailers(headers: &HeaderMap) -> bool {
    headers.get_all(header::TE).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|coding| {
            let coding = coding.split(';').next().unwrap_or_default();
            coding.trim().eq_ignore_ascii_case("trailers")
        })
    })
}

fn connection_names(headers: &HeaderMap, wanted: &str) -> bool {
    let values = headers.get_all(header::CONNECTION).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|option| option.trim().eq_ignore_ascii_case(wanted)))
}

fn drop_connection_fields(headers: &mut HeaderMap) {
    let mut named = Vec::new();
    for value in headers.get_all(header::CONNECTION) {
        for option in value.to_str().unwrap_or_default().split(',') {
            // By this a client could make us drop what the upstream needs to judge the call.
            if let Ok(name) = HeaderName::try_from(option.trim())
                && !matches!(name, header::HOST | header::CONTENT_LENGTH)
            {
                named.push(name);
            }
        }
    }
    named.extend(headers.keys().filter(|name| is_of_connection(name)).cloned());
    for name in named {
        headers.remove(name);
    }
}

/// A walk over the few that are there is less than a look for each that may be.
fn is_of_connection(name: &HeaderName) -> bool {
    matches!(
        *name,
        header::CONNECTION
            | header::PROXY_AUTHENTICATE
            | header::PROXY_AUTHORIZATION
            | header::TE
            | header::TRANSFER_ENCODING
            | header::UPGRADE
    ) || matches!(name.as_str(), "proxy-connection" | "keep-alive" | "http2-settings")
}

fn is_forged(name: &str, identity: &IdentityHeaders, from_trusted: bool) -> bool {
    if begins(name, OUR_PREFIX) || identity.names().iter().any(|ours| is_same(name, ours)) {
        return true;
    }
    if is_naming(name) {
        return true;
    }
    if from_trusted {
        // What an upstream might take for the trusted proxy's own word, in another spelling, is not.
        return name.contains('_') && is_forwarding(name);
    }
    is_forwarding(name)
}

fn is_forwarding(name: &str) -> bool {
    FORWARDING.iter().any(|other| is_same(name, other)) || begins(name, FORWARDING_PREFIX)
}

fn is_naming(name: &str) -> bool {
    NAMING.iter().any(|other| is_same(name, other)) || begins(name, NAMING_PREFIX)
}

/// Many a server reads `_` as `-`.
fn is_same(name: &str, other: &str) -> bool {
    name.len() == other.len() && begins(name, other)
}

fn begins(name: &str, prefix: &str) -> bool {
    let plain = |byte: u8| if byte == b'_' { b'-' } else { byte };
    name.len() >= prefix.len()
        && name.bytes().map(plain).zip(prefix.bytes().map(plain)).all(|(a, b)| a == b)
}

/// HTTP/2 may send a cookie in pieces; HTTP/1.1 may not (RFC 9113 section 8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    if headers.get_all(header::COOKIE).iter().nth(1).is_none() {
        return;
    }
    let pieces: Vec<&[u8]> =
        headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if let Ok(whole) = HeaderValue::from_bytes(&pieces.join(&b"; "[..])) {
        headers.insert(header::COOKIE, whole);
    }
}

#[cfg(test)]
mod tests;
