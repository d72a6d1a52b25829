//! The pages. They load nothing, run nothing but one line that sends a form on, and cannot be framed
//! (RFC 9700 section 4.16).

use super::back::origin_of;
use crate::{
    answer::{self, Body},
    app::App,
    document::{Named, schema},
    middleware,
};
use askama::Template;
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::secret::SecretDigest;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

/// What a page says whose ticket is no longer good.
pub(crate) const GONE: &str =
    "This page has been open for too long, or was opened in another browser.";
/// The media type of all of them.
pub(crate) const HTML: &str = "text/html; charset=utf-8";

const STYLE: &str = include_str!("../../templates/realm/style.css");
/// Sends the form on without a press of its button.
const SEND_ON: &str = "document.forms[0].submit()";

const CONTENT_SECURITY_POLICY: HeaderName = HeaderName::from_static("content-security-policy");
const FRAME_OPTIONS: HeaderName = HeaderName::from_static("x-frame-options");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// A way to sign in at an issuer outside.
pub(super) struct Issuer {
    pub(super) href: String,
    pub(super) label: String,
}

/// The sign-in.
#[derive(Template)]
#[template(path = "realm/sign_in.html")]
pub(super) struct SignIn<'a> {
    pub(super) style: &'static str,
    pub(super) place: &'a str,
    pub(super) client: &'a str,
    pub(super) action: &'a str,
    pub(super) ticket: &'a str,
    pub(super) asks_tenant: bool,
    pub(super) tenant: &'a str,
    pub(super) username: &'a str,
    pub(super) wrong: bool,
    pub(super) unreachable: bool,
    pub(super) issuers: Vec<Issuer>,
}

/// What a client asks for.
#[derive(Template)]
#[template(path = "realm/consent.html")]
pub(super) struct Consent<'a> {
    pub(super) style: &'static str,
    pub(super) place: &'a str,
    pub(super) client: &'a str,
    pub(super) person: &'a str,
    pub(super) action: &'a str,
    pub(super) ticket: &'a str,
    pub(super) scopes: Vec<&'a str>,
}

/// Whether to sign out.
#[derive(Template)]
#[template(path = "realm/sign_out.html")]
pub(super) struct SignOut<'a> {
    pub(super) style: &'static str,
    pub(super) place: &'a str,
    pub(super) person: &'a str,
    pub(super) action: &'a str,
    pub(super) ticket: &'a str,
}

/// Something that is said.
#[derive(Template)]
#[template(path = "realm/message.html")]
struct Message<'a> {
    style: &'static str,
    heading: &'a str,
    text: &'a str,
    reference: &'a str,
}

#[derive(Template)]
#[template(path = "realm/form_post.html")]
struct FormPost<'a> {
    style: &'static str,
    action: &'a str,
    fields: &'a [(&'a str, &'a str)],
    script: &'static str,
}

/// The style that every page carries within itself.
pub(super) const fn style() -> &'static str {
    STYLE
}

/// A page of a door. `form_to`: where its form leads in the end, beside here: browsers hold the redirect
/// that answers a form against the policy of the page that the form stood in.
pub(super) fn page(app: &App, page: &impl Template, form_to: Option<&str>) -> Response<Body> {
    let mut response = rendered(StatusCode::OK, page, form_to, None);
    dress(app, &mut response);
    response
}

/// Something that is said, in the place of an answer.
pub(super) fn message(
    status: StatusCode,
    heading: &str,
    text: &str,
    reference: &str,
) -> Response<Body> {
    let page = Message { style: STYLE, heading, text, reference };
    let mut response = rendered(status, &page, None, None);
    harden(&mut response);
    response
}

/// An answer to a client in a form.
pub(super) fn form_post(app: &App, to: &str, fields: &[(&str, &str)]) -> Response<Body> {
    let page = FormPost { style: STYLE, action: to, fields, script: SEND_ON };
    let mut response = rendered(StatusCode::OK, &page, Some(to), Some(SEND_ON));
    dress(app, &mut response);
    response
}

fn rendered(
    status: StatusCode,
    page: &impl Template,
    form_to: Option<&str>,
    script: Option<&str>,
) -> Response<Body> {
    let Ok(html) = page.render() else {
        tracing::error!("a page could not be rendered");
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return response;
    };
    let mut response = answer::with_type(status, HTML, html);
    if let Ok(policy) = HeaderValue::from_str(&policy(form_to, script)) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn policy(form_to: Option<&str>, script: Option<&str>) -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(SecretDigest::of(text).as_bytes());
    let style = hash(STYLE);
    let script = script.map_or_else(String::new, |s| format!("script-src 'sha256-{}'; ", hash(s)));
    // Whatever could end the directive is left out: then the browser stays here.
    let plain = |b: u8| b.is_ascii_alphanumeric() || b":/.-+[]_".contains(&b);
    let to = form_to.and_then(origin_of).filter(|to| to.bytes().all(plain));
    let to = to.map_or_else(String::new, |to| format!(" {to}"));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; {script}form-action 'self'{to}; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}

/// What everything that a browser gets from here carries.
pub(crate) fn dress(app: &App, response: &mut Response<Body>) {
    harden(response);
    if app.config().public_url.starts_with("https://") {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, middleware::ONLY_TLS);
    }
}

pub(crate) fn harden<B>(response: &mut Response<B>) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(ROBOTS, HeaderValue::from_static("none"));
}

/// A page in the documentation.
pub(crate) fn html() -> Named {
    Named::new("Html", schema::text(1, 16_000_000))
}

/// The same as an example.
pub(crate) fn html_example() -> Value {
    json!("<!doctype html>…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bc_08_a_page_loads_nothing_and_is_framed_nowhere() {
        let policy = policy(Some("https://app.example/cb?x=1"), None);
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        let end =
            "; form-action 'self' https://app.example; base-uri 'none'; frame-ancestors 'none'";
        assert!(policy.ends_with(end), "{policy}");
        assert!(!policy.contains("script-src"));
    }

    #[test]
    fn an_address_cannot_widen_the_policy() {
        for odd in ["https://a;script-src", "https://a'unsafe'/", "https://a,b/"] {
            assert!(policy(Some(odd), None).contains("form-action 'self';"), "{odd}");
        }
    }

    #[test]
    fn what_was_typed_is_shown_as_text() {
        let typed = "<script>alert(1)</script>\"'&";
        let page = SignIn {
            style: STYLE,
            place: typed,
            client: typed,
            action: "/a",
            ticket: "t",
            asks_tenant: false,
            tenant: "",
            username: typed,
            wrong: true,
            unreachable: false,
            issuers: vec![Issuer { href: "/x".to_owned(), label: typed.to_owned() }],
        };
        let html = page.render().unwrap_or_default();
        assert!(html.contains("&#60;script&#62;"), "{html}");
        assert!(!html.contains("<script>") && !html.contains("value=\"<"), "{html}");
    }
}
