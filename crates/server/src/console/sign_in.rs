//! `/console/sign-in`: tenant, user name, password. Whoever is of the whole installation leaves the tenant
//! empty. Where one wanted to go is a path of the console, or it is not gone to (WB-09).

use super::{
    Form,
    admit::NEW_PASSWORD,
    assets,
    cookie::{self, Transport},
    outside::{self, Link},
    page::{self, see_other},
    visitor::form_token,
};
use crate::{answer::Body, app::App, browser, extract::Query, failure::Failure, trace::Trace};
use askama::Template;
use axum::extract::{Extension, Request, State};
use domain::secret::Secret;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use service::Error;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct SignIn<'a> {
    css: String,
    js: String,
    nonce: &'a str,
    token: String,
    next: &'a str,
    tenant: &'a str,
    username: &'a str,
    /// Why the last attempt led nowhere.
    wrong: Option<String>,
    said: Option<&'static str>,
    /// Other ways to sign in to this tenant.
    ways: Vec<Link>,
    /// Whether there may be such ways, once a tenant is named.
    may_be_ways: bool,
}

/// What the page is made with.
#[derive(Default)]
pub(super) struct Asked<'a> {
    pub(super) next: &'a str,
    pub(super) tenant: &'a str,
    pub(super) username: &'a str,
    pub(super) wrong: Option<String>,
    pub(super) said: Option<&'static str>,
}

/// `GET`.
pub(super) async fn show(
    State(app): State<App>,
    Extension(trace): Extension<Arc<Trace>>,
    headers: HeaderMap,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let Some(transport) = cookie::transport(&app, &trace, &headers) else {
        return Ok(page::needs_tls(&app, &trace));
    };
    let next = query.take_text("next").unwrap_or_default();
    if let Some(presented) = cookie::find(&headers, transport)
        && app.service().authenticate_session(&presented, trace.context()).await?.is_some()
    {
        return Ok(see_other(&app, within(&next)));
    }
    // The texts stand here: an address that somebody made up can say nothing of its own.
    let said = match query.take_text("done").as_deref() {
        Some("signed-out") => Some("You are signed out."),
        Some("ended") => Some("Your session has ended. Sign in again to go on."),
        _ => None,
    };
    let tenant = query.take_text("tenant").unwrap_or_default();
    let asked = Asked { next: &next, tenant: &tenant, said, ..Asked::default() };
    render(&app, &headers, transport, StatusCode::OK, asked).await
}

/// `POST`.
pub(super) async fn sign_in(
    State(app): State<App>,
    Extension(trace): Extension<Arc<Trace>>,
    request: Request,
) -> Result<Response<Body>, Failure> {
    let Some(transport) = cookie::transport(&app, &trace, request.headers()) else {
        return Ok(page::needs_tls(&app, &trace));
    };
    browser::check_same_site(&app, request.headers())?;
    let headers = request.headers().clone();
    let mut form = Form::read(request).await?;
    let typed = (form.text("tenant").to_owned(), form.text("username").to_owned());
    let next = form.text("next").to_owned();
    match prove(&app, &trace, transport, &headers, &mut form).await? {
        Outcome::In(to, cookie) => {
            let mut response = see_other(&app, to.as_deref().unwrap_or_else(|| within(&next)));
            response.headers_mut().extend(cookie.map(|value| (header::SET_COOKIE, value)));
            Ok(response)
        }
        Outcome::Elsewhere => {
            let query = [("tenant", typed.0.trim()), ("next", within(&next))];
            Ok(see_other(&app, &browser::with_query("/console/sign-in", &query)))
        }
        Outcome::Wrong(status, text, retry_after) => {
            let (tenant, username, next) = (typed.0.as_str(), typed.1.as_str(), next.as_str());
            let asked = Asked { next, tenant, username, wrong: Some(text), said: None };
            let mut response = render(&app, &headers, transport, status, asked).await?;
            let retry_after = retry_after.map(|s| (header::RETRY_AFTER, HeaderValue::from(s)));
            response.headers_mut().extend(retry_after);
            Ok(response)
        }
    }
}

/// What becomes of a form.
enum Outcome {
    /// Somebody is signed in: where they have to go, if not where they wanted, and what they present.
    In(Option<String>, Option<HeaderValue>),
    /// They want to sign in elsewhere.
    Elsewhere,
    /// Nobody is, and why; perhaps for how many seconds.
    Wrong(StatusCode, String, Option<u32>),
}

async fn prove(
    app: &App,
    trace: &Trace,
    transport: Transport,
    headers: &HeaderMap,
    form: &mut Form,
) -> Result<Outcome, Failure> {
    let wrong =
        |text: &str| Ok(Outcome::Wrong(StatusCode::UNPROCESSABLE_ENTITY, text.to_owned(), None));
    // The page was made for this browser: nobody is signed in by a form of somebody else's.
    let known = cookie::find_visit(headers, transport);
    if known.as_ref().is_none_or(|known| form.check_token(&form_token(known)).is_err()) {
        return wrong(
            "This page has been open for too long, or cookies are switched off. Try again.",
        );
    }
    if form.text("step") == "elsewhere" {
        return match form.filled("tenant") {
            Some(_) => Ok(Outcome::Elsewhere),
            None => wrong("Enter the tenant: which other ways there are depends on it."),
        };
    }
    let Some(password) = form.take("password").filter(|_| form.filled("username").is_some()) else {
        return wrong("Enter a user name and a password.");
    };
    let before = cookie::find(headers, transport);
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let account = account(form.text("tenant"), form.text("username"));
    let context = trace.context();
    let signed_in = app
        .service()
        .sign_in_to_console(account, &password, before.as_ref(), &context, agent)
        .await;
    match signed_in {
        Ok(Some(signed_in)) => {
            let must_change = signed_in.person.must_change_password;
            let to = must_change.then(|| NEW_PASSWORD.to_owned());
            Ok(Outcome::In(to, cookie::set(transport, &signed_in.presented)))
        }
        Ok(None) => {
            wrong("The sign-in failed. Check tenant, user name and password, and try again.")
        }
        Err(Error::Limited { retry_after_s: s }) => {
            let text = format!("Too many attempts. Try again in {s} seconds.");
            Ok(Outcome::Wrong(StatusCode::TOO_MANY_REQUESTS, text, Some(s)))
        }
        Err(error) => Err(error.into()),
    }
}

/// The page.
pub(super) async fn render(
    app: &App,
    headers: &HeaderMap,
    transport: Transport,
    status: StatusCode,
    asked: Asked<'_>,
) -> Result<Response<Body>, Failure> {
    let (known, set) = visit(app, headers, transport);
    let nonce = app.service().random_text();
    let Asked { next, tenant, username, wrong, said } = asked;
    let ways = match tenant.trim() {
        "" => Vec::new(),
        tenant => outside::ways(app, &known, tenant, next).await?,
    };
    let may_be_ways = ways.is_empty() && app.service().has_sign_in_issuers();
    let (css, js, token) = (assets::css(), assets::js(), form_token(&known));
    let nonce = nonce.expose();
    let page =
        SignIn { css, js, nonce, token, next, tenant, username, wrong, said, ways, may_be_ways };
    let mut response = page::bare(app, status, nonce, &page);
    response.headers_mut().extend(set.map(|value| (header::SET_COOKIE, value)));
    Ok(response)
}

/// What pages are bound to before anybody has signed in, and the cookie of it where the browser has none yet.
pub(super) fn visit(
    app: &App,
    headers: &HeaderMap,
    transport: Transport,
) -> (Secret, Option<HeaderValue>) {
    match cookie::find_visit(headers, transport) {
        Some(known) => (known, None),
        None => {
            let made = app.service().random_text();
            let set = cookie::set_visit(transport, &made);
            (made, set)
        }
    }
}

/// The name with its tenant part, where one was typed beside it.
fn account(tenant: &str, username: &str) -> String {
    match (tenant.trim(), username.trim()) {
        ("", username) => username.to_owned(),
        (tenant, username) => format!("{tenant}\\{username}"),
    }
}

/// A path of the console, or its first page: whatever else `next` says, it leads nowhere (WB-09). A fragment
/// is cut off: browsers send none, and what is put behind the address would become part of it.
pub(super) fn within(next: &str) -> &str {
    let next = next.split('#').next().unwrap_or_default();
    let own = next == "/console" || next.starts_with("/console/") || next.starts_with("/console?");
    let plain = next.bytes().all(|b| (0x21..=0x7e).contains(&b) && !b"\\\"<>^`{|}".contains(&b));
    let path = next.split('?').next().unwrap_or_default();
    let dots = path.split('/').any(|part| {
        let part = part.to_ascii_lowercase().replace("%2e", ".");
        part == "." || part == ".." || part.contains("%2f") || part.contains("%5c")
    });
    if own && plain && !dots && !path.contains("//") { next } else { "/console" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wb_09_next_leads_nowhere_else() {
        for good in ["/console", "/console/keys?search=a%20b", "/console?x=1"] {
            assert_eq!(within(good), good);
        }
        assert_eq!(within("/console/keys?search=a#x"), "/console/keys?search=a");
        for bad in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/console//evil",
            "/consolex",
            "/console/../x",
            "/console/%2e%2e/x",
            "/console/..%2f..%2fx",
            "/console/\r\nX: y",
            "javascript:alert(1)",
            "/console/a b",
        ] {
            assert_eq!(within(bad), "/console", "{bad}");
        }
    }
}
