//! Versions as entity tags (RFC 9110 section 8.8.3): strong, the version's number in quotes.

use crate::{answer::Body, failure::Failure};
use http::{HeaderMap, HeaderValue, Response, header};

/// Adds `ETag`.
#[must_use]
pub fn add(mut response: Response<Body>, version: u32) -> Response<Body> {
    if let Ok(tag) = HeaderValue::try_from(format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The version that `If-Match` demands; `None` without the header and for `*`.
///
/// # Errors
/// More than one tag: a version is one number, and none but the current one can match. A tag that we
/// never gave matches nothing.
pub fn if_match(headers: &HeaderMap) -> Result<Option<u32>, Failure> {
    let mut values = headers.get_all(header::IF_MATCH).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let failed = || Failure::Service(service::Error::PreconditionFailed);
    if values.next().is_some() {
        return Err(failed());
    }
    let text = value.to_str().map_err(|_| failed())?.trim();
    if text == "*" {
        return Ok(None);
    }
    text.strip_prefix('"')
        .and_then(|t| t.strip_suffix('"'))
        .and_then(|t| t.parse().ok())
        .map(Some)
        .ok_or_else(failed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn asked(tag: &'static str) -> Result<Option<u32>, Failure> {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_MATCH, HeaderValue::from_static(tag));
        if_match(&headers)
    }

    #[test]
    fn a_version_comes_back_as_it_went() {
        let tagged = add(Response::new(Body::empty()), 7);
        assert_eq!(tagged.headers().get(header::ETAG).unwrap(), "\"7\"");
        assert_eq!(asked("\"7\"").unwrap(), Some(7));
        assert_eq!(asked("*").unwrap(), None);
        assert_eq!(if_match(&HeaderMap::new()).unwrap(), None);
    }

    #[test]
    fn a_tag_that_we_never_gave_matches_nothing() {
        for tag in ["7", "W/\"7\"", "\"7\", \"8\"", "\"seven\""] {
            assert!(asked(tag).is_err(), "{tag}");
        }
    }
}
