//! A browser's request as far as all pages look at it.

use super::cookies;
use crate::{app::App, extract, failure::Failure};
use axum::extract::FromRequestParts;
use domain::secret::Secret;
use http::{HeaderMap, header, request::Parts};
use service::Context;

/// Who visits, as far as it is known before anybody signs in.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) headers: HeaderMap,
    pub(crate) context: Context,
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let extract::Context(context) = extract::Context::from_request_parts(parts, state).await?;
        Ok(Self { headers: parts.headers.clone(), context })
    }
}

impl Visit {
    /// What the browser calls itself.
    pub(crate) fn agent(&self) -> Option<&str> {
        self.headers.get(header::USER_AGENT)?.to_str().ok()
    }

    /// The cookie of this name. Two of one name are none: nobody knows which one we set.
    pub(super) fn cookie(&self, name: &str) -> Option<Secret> {
        cookies::find(&self.headers, name)
    }

    /// Refuses a form that another site sent.
    pub(super) fn check_same_site(&self, app: &App) -> Result<(), Failure> {
        check_same_site(app, &self.headers)
    }
}

/// Refuses what another site sent. Where the browser says nothing about it, what the form itself carries
/// decides alone: it is bound to a cookie of the browser that it was made for.
pub(crate) fn check_same_site(app: &App, headers: &HeaderMap) -> Result<(), Failure> {
    let refused = || Failure::Service(service::Error::NotAllowed { right: None });
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return if site == "same-origin" { Ok(()) } else { Err(refused()) };
    }
    // A page that sends no referrer sends its forms with the origin `null`.
    match text("origin") {
        None | Some("null") => Ok(()),
        Some(origin) => {
            let public = super::back::origin_of(&app.config().public_url);
            let host = text("host").unwrap_or_default();
            let here = origin.split_once("://").is_some_and(|(_, origin)| origin == host);
            if here || Some(origin) == public.as_deref() { Ok(()) } else { Err(refused()) }
        }
    }
}
