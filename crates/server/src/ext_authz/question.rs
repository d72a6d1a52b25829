//! The call that Envoy asks about, as enforcement takes it.
//!
//! Envoy joins header fields of one name by commas, unless it is told to send them one by one
//! (`encode_raw_headers`). Two keys in one header must not become one (BT-03), so what was joined is
//! taken apart again wherever the policy reads a key. A `ges` secret that holds a comma of its own can
//! then only come one by one.

use super::messages::{AttributeContext, HttpRequest};
use crate::{
    app::App,
    client_address::client_address,
    enforce::{Call, Compiled, origin_of},
    failure::Failure,
    middleware,
};
use domain::key_type::Place;
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use std::net::IpAddr;
use verifier::Now;

const FORM: &[u8] = b"application/x-www-form-urlencoded";
/// What Envoy says when it sends the beginning of a body alone.
const PARTIAL: HeaderName = HeaderName::from_static("x-envoy-auth-partial-body");

/// A call that Envoy asks about.
pub(super) struct Question {
    pub(super) method: String,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    form: Option<String>,
    pub(super) client: Option<IpAddr>,
}

impl Question {
    /// Reads what Envoy says of a call.
    ///
    /// # Errors
    /// It is no call of HTTP, or larger than calls may be.
    pub(super) fn of(
        app: &App,
        policy: &Compiled,
        attributes: AttributeContext,
    ) -> Result<Self, Failure> {
        let source = attributes.source.and_then(|peer| peer.address?.socket_address);
        let source = source.and_then(|socket| socket.address.parse::<IpAddr>().ok());
        let http = attributes.request.and_then(|request| request.http).ok_or(Failure::BadPath)?;
        // What follows a `#` the parser would drop, and whoever stands behind might not.
        let path = Some(http.path.as_str()).filter(|path| !path.contains('#'));
        let uri = path.and_then(|path| path.parse::<Uri>().ok()).ok_or(Failure::BadPath)?;
        let headers = headers(policy, &http)?;
        let config = app.config();
        middleware::check_sizes(&uri, &headers, &config.limits)?;
        let client = client_address(source, &headers, &config.trusted_proxies);
        let form = if policy.reads_parameters() { form(&headers, &http) } else { None };
        Ok(Self { method: http.method, uri, headers, form, client })
    }

    pub(super) fn call(&self, now: Now) -> Call<'_> {
        Call {
            method: &self.method,
            path: self.uri.path(),
            headers: &self.headers,
            query: self.uri.query(),
            form: self.form.as_deref(),
            origin: origin_of(&self.headers),
            address: self.client,
            now,
        }
    }
}

/// The header fields, without those of HTTP/2 that are none.
fn headers(policy: &Compiled, http: &HttpRequest) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::with_capacity(http.headers.len());
    if let Some(raw) = &http.header_map {
        for field in &raw.headers {
            let value =
                if field.raw_value.is_empty() { field.value.as_bytes() } else { &field.raw_value };
            append(&mut headers, &field.key, value)?;
        }
    }
    for (name, joined) in &http.headers {
        if holds_keys(policy, name, joined) {
            for value in joined.split(',') {
                append(&mut headers, name, value.trim().as_bytes())?;
            }
        } else {
            append(&mut headers, name, joined.as_bytes())?;
        }
    }
    Ok(headers)
}

/// Whether a comma in this field may stand between two keys. In `Authorization` other schemes have
/// commas of their own.
fn holds_keys(policy: &Compiled, name: &str, joined: &str) -> bool {
    let bearer = |value: &str| {
        value
            .trim()
            .get(.."bearer".len())
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
    };
    policy.policy().presented_in.iter().any(|place| match place {
        Place::Header(own) => own.eq_ignore_ascii_case(name),
        Place::Bearer => {
            header::AUTHORIZATION.as_str().eq_ignore_ascii_case(name)
                && joined.split(',').any(bearer)
        }
        Place::Parameter(_) => false,
    })
}

fn append(headers: &mut HeaderMap, name: &str, value: &[u8]) -> Result<(), Failure> {
    if name.starts_with(':') {
        return Ok(());
    }
    let name =
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| Failure::MalformedCredentials)?;
    let value = HeaderValue::from_bytes(value).map_err(|_| Failure::MalformedCredentials)?;
    headers.try_append(name, value).map_err(|_| Failure::HeadersTooLarge)?;
    Ok(())
}

/// The body, where it is a form and whole.
fn form(headers: &HeaderMap, http: &HttpRequest) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.as_bytes();
    let kind = kind.split(|byte| *byte == b';').next()?.trim_ascii();
    let whole = headers.get(PARTIAL).is_none_or(|value| value.as_bytes() == b"false");
    if !kind.eq_ignore_ascii_case(FORM) || !whole {
        return None;
    }
    if http.raw_body.is_empty() {
        Some(http.body.clone())
    } else {
        std::str::from_utf8(&http.raw_body).ok().map(str::to_owned)
    }
}
