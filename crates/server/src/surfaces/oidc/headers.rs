//! What every answer of a realm carries, as recorded.

use crate::{answer::Body, app::App};
use http::{HeaderName, HeaderValue, Response, header};

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// An answer with the header fields of this wire.
pub(super) fn dressed(app: &App, mut response: Response<Body>) -> Response<Body> {
    plainly_dressed(&mut response);
    // A browser must not be told so in the clear (RFC 6797 section 7.2): there it would be a lie.
    if app.frame().config.public_url.starts_with("https://") {
        response.headers_mut().insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    response
}

/// The same, where nothing is known but that something failed.
pub(super) fn plainly_dressed(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    headers.insert(ROBOTS, HeaderValue::from_static("none"));
}

/// An answer that says of itself how long it may be kept, in seconds.
pub(super) fn kept_for(mut response: Response<Body>, seconds: u32) -> Response<Body> {
    if let Ok(value) = HeaderValue::try_from(format!("public, max-age={seconds}")) {
        response.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    response
}
