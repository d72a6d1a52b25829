//! Which realm a request is for: what every handler of this surface asks for first.

use super::{error, headers};
use crate::{
    app::App, client_address, extract::Path, failure::Failure, oauth::OAuthError, trace::Trace,
};
use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, request::Parts};
use serde::Deserialize;
use service::oauth2::Realm;
use std::sync::Arc;

/// The realm of the path, in service.
#[derive(Debug)]
pub(super) struct InRealm(pub(super) Realm);

#[derive(Deserialize)]
struct Named {
    realm: String,
}

impl FromRequestParts<App> for InRealm {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let refused =
            |refusal: &OAuthError| headers::dressed(app, refusal.response()).into_response();
        if must_be_encrypted(app, parts) {
            return Err(refused(&https_required()));
        }
        let Path(Named { realm }) =
            Path::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        match app.service().find_realm(&realm).await {
            Ok(Some(realm)) if realm.enabled => Ok(Self(realm)),
            Ok(Some(_)) => Err(refused(&not_enabled())),
            Ok(None) => Err(headers::dressed(app, error::no_realm()).into_response()),
            Err(error) => Err(Failure::from(error).into_response()),
        }
    }
}

pub(super) fn not_enabled() -> OAuthError {
    OAuthError::new(StatusCode::FORBIDDEN, "access_denied", "Realm not enabled")
}

pub(super) fn https_required() -> OAuthError {
    OAuthError::new(StatusCode::FORBIDDEN, "invalid_request", "HTTPS required")
}

/// Whether the request came in the clear, from elsewhere, to what is published with TLS.
fn must_be_encrypted(app: &App, parts: &Parts) -> bool {
    let Some(trace) = parts.extensions.get::<Arc<Trace>>() else { return false };
    let config = &app.frame().config;
    if trace.peer.encrypted || !config.public_url.starts_with("https://") {
        return false;
    }
    let Some(address) = trace.peer.address.map(|address| address.to_canonical()) else {
        return false;
    };
    if client_address::is_trusted(address, &config.trusted_proxies) {
        return proxy_says_clear(&parts.headers);
    }
    !address.is_loopback()
}

/// Whether a proxy that is believed says that its client spoke in the clear.
fn proxy_says_clear(headers: &HeaderMap) -> bool {
    let scheme = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    scheme.is_some_and(|text| {
        text.split(',').next().is_some_and(|first| first.trim().eq_ignore_ascii_case("http"))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_a_proxy_that_says_http_says_so() {
        let says = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-proto", text.parse().unwrap());
            proxy_says_clear(&headers)
        };
        assert!(says("http") && says("HTTP, https"));
        assert!(!says("https") && !says("https, http"));
        assert!(!proxy_says_clear(&HeaderMap::new()));
    }
}
