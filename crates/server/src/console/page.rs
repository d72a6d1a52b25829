//! What every answer of the console carries. Scripts and styles are those that this answer names by a nonce;
//! nothing comes from another host, nothing frames it, nothing keeps it (WB-02, WB-03, WB-06).

use super::Shell;
use crate::{
    answer::{self, Body},
    app::App,
    browser,
    trace::Trace,
};
use askama::Template;
use http::{HeaderName, HeaderValue, Response, StatusCode};

/// The media type of all pages.
pub(super) const HTML: &str = "text/html; charset=utf-8";

const CONTENT_SECURITY_POLICY: HeaderName = HeaderName::from_static("content-security-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const REPORTING_ENDPOINTS: HeaderName = HeaderName::from_static("reporting-endpoints");
/// What no page of ours ever asks a browser for.
const NO_PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), \
     gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), \
     publickey-credentials-get=(), serial=(), usb=()";

/// A page within the shell.
pub(super) fn show(app: &App, shell: &Shell, page: &impl Template) -> Response<Body> {
    show_as(app, StatusCode::OK, shell, page)
}

/// The same with another status: 422 for a form that has to be mended.
pub(super) fn show_as(
    app: &App,
    status: StatusCode,
    shell: &Shell,
    page: &impl Template,
) -> Response<Body> {
    bare(app, status, shell.nonce(), page)
}

/// A page without the shell: the sign-in, and what is said of failures.
pub(super) fn bare(
    app: &App,
    status: StatusCode,
    nonce: &str,
    page: &impl Template,
) -> Response<Body> {
    let mut response = rendered(status, nonce, page);
    browser::dress(app, &mut response);
    response
}

/// The same where the settings are not at hand.
pub(super) fn rendered(status: StatusCode, nonce: &str, page: &impl Template) -> Response<Body> {
    let Ok(html) = page.render() else {
        tracing::error!("a page could not be rendered");
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return response;
    };
    let mut response = answer::with_type(status, HTML, html);
    let fields = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy(nonce)) {
        fields.insert(CONTENT_SECURITY_POLICY, policy);
    }
    let reports = HeaderValue::from_static("console=\"/console/reports\"");
    fields.insert(REPORTING_ENDPOINTS, reports);
    guard(&mut response);
    response
}

/// What every answer carries, be it a page, a redirect or a download. What is no page may do nothing at all.
pub(crate) fn guard<B>(response: &mut Response<B>) {
    browser::harden(response);
    let fields = response.headers_mut();
    fields.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    fields.insert(PERMISSIONS_POLICY, HeaderValue::from_static(NO_PERMISSIONS));
    fields.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(
        "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    ));
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types keyward; \
         report-uri /console/reports; report-to console"
    )
}

/// Leads a browser on, to a path of our own, by GET.
pub(super) fn see_other(app: &App, path: &str) -> Response<Body> {
    let mut response = browser::redirect(app, StatusCode::SEE_OTHER, path);
    guard(&mut response);
    response
}

/// Something that is said in the place of a page.
#[derive(Template)]
#[template(path = "console/message.html")]
pub(super) struct Message<'a> {
    pub(super) css: String,
    pub(super) nonce: &'a str,
    pub(super) heading: &'a str,
    pub(super) text: &'a str,
    pub(super) reference: &'a str,
}

/// In the clear from elsewhere: passwords and keys would go by in the clear.
pub(super) fn needs_tls(app: &App, trace: &Trace) -> Response<Body> {
    let nonce = app.service().random_text();
    let page = Message {
        css: super::assets::css(),
        nonce: nonce.expose(),
        heading: "The console needs TLS",
        text: "Passwords and keys would travel in the clear. Give the listener a certificate, put a proxy \
               with TLS in front and name it in trusted_proxies, or open the console on the machine itself.",
        reference: trace.request_id.as_str(),
    };
    bare(app, StatusCode::FORBIDDEN, nonce.expose(), &page)
}
