//! `/console/sign-in`: tenant, user name, password. Whoever is of the whole installation leaves the tenant
//! empty. Where one wanted to go is a path of the console, or it is not gone to (WB-09).

use super::{
    Form,
    admit::NEW_PASSWORD,
    assets, cookie,
    page::{self, see_other},
    visitor::form_token,
};
use crate::{answer::Body, app::App, browser, extract::Query, failure::Failure, trace::Trace};
use askama::Template;
use axum::extract::{Extension, Request, State};
use domain::secret::Secret;
use http::{HeaderMap, Response, StatusCode, header};
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
    signed_out: bool,
}

/// What the page is made with.
#[derive(Default)]
struct Asked<'a> {
    next: &'a str,
    tenant: &'a str,
    username: &'a str,
    wrong: Option<String>,
    signed_out: bool,
}

/// `GET`.
pub(super) async fn show(
    State(app): State<App>,
    Extension(trace): Extension<Arc<Trace>>,
    headers: HeaderMap,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let Some(transport) = cookie::transport(&app, &trace) else {
        return Ok(page::needs_tls(&app, &trace));
    };
    let next = query.take_text("next").unwrap_or_default();
    if let Some(presented) = cookie::find(&headers, transport)
        && app.service().authenticate_session(&presented, trace.context()).await?.is_some()
    {
        return Ok(see_other(&app, within(&next)));
    }
    let signed_out = query.take_text("done").as_deref() == Some("signed-out");
    let tenant = query.take_text("tenant").unwrap_or_default();
    let asked = Asked { next: &next, tenant: &tenant, signed_out, ..Asked::default() };
    Ok(render(&app, &headers, StatusCode::OK, asked))
}

/// `POST`.
pub(super) async fn sign_in(
    State(app): State<App>,
    Extension(trace): Extension<Arc<Trace>>,
    request: Request,
) -> Result<Response<Body>, Failure> {
    let Some(transport) = cookie::transport(&app, &trace) else {
        return Ok(page::needs_tls(&app, &trace));
    };
    browser::check_same_site(&app, request.headers())?;
    let headers = request.headers().clone();
    let mut form = Form::read(request).await?;
    let next = form.text("next").to_owned();
    let (tenant, username) = (form.text("tenant").to_owned(), form.text("username").to_owned());
    let again = |status, wrong: &str| {
        let wrong = Some(wrong.to_owned());
        let (tenant, username, next) = (tenant.as_str(), username.as_str(), next.as_str());
        render(&app, &headers, status, Asked { next, tenant, username, wrong, signed_out: false })
    };
    // The page was made for this browser: nobody is signed in by a form of somebody else's.
    let known = browser::visit_cookie(&app, &headers);
    if known.as_ref().is_none_or(|known| form.check_token(&form_token(known)).is_err()) {
        let text = "This page has been open for too long, or cookies are switched off. Try again.";
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, text));
    }
    let Some(password) = form.take("password").filter(|_| !username.trim().is_empty()) else {
        let text = "Enter a user name and a password.";
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, text));
    };
    let before = cookie::find(&headers, transport);
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let account = account(&tenant, &username);
    let signed_in = app
        .service()
        .sign_in_to_console(account, &password, before.as_ref(), &trace.context(), agent)
        .await?;
    let Some(signed_in) = signed_in else {
        let text = "The sign-in failed. Check tenant, user name and password, and try again.";
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, text));
    };
    let must_change = signed_in.person.must_change_password;
    let to = if must_change { NEW_PASSWORD } else { within(&next) };
    let mut response = see_other(&app, to);
    let cookie = cookie::set(transport, &signed_in.presented);
    response.headers_mut().extend(cookie.map(|value| (header::SET_COOKIE, value)));
    Ok(response)
}

fn render(app: &App, headers: &HeaderMap, status: StatusCode, asked: Asked<'_>) -> Response<Body> {
    let (known, set) = match browser::visit_cookie(app, headers) {
        Some(known) => (known, None),
        None => {
            let made: Secret = app.service().random_text();
            let set = browser::set_visit_cookie(app, &made);
            (made, set)
        }
    };
    let nonce = app.service().random_text();
    let Asked { next, tenant, username, wrong, signed_out } = asked;
    let page = SignIn {
        css: assets::css(),
        js: assets::js(),
        nonce: nonce.expose(),
        token: form_token(&known),
        next,
        tenant,
        username,
        wrong,
        signed_out,
    };
    let mut response = page::bare(app, status, nonce.expose(), &page);
    response.headers_mut().extend(set.map(|value| (header::SET_COOKIE, value)));
    response
}

/// The name with its tenant part, where one was typed beside it.
fn account(tenant: &str, username: &str) -> String {
    match (tenant.trim(), username.trim()) {
        ("", username) => username.to_owned(),
        (tenant, username) => format!("{tenant}\\{username}"),
    }
}

/// A path of the console, or its first page: whatever else `next` says, it leads nowhere (WB-09).
pub(super) fn within(next: &str) -> &str {
    let own = next == "/console" || next.starts_with("/console/") || next.starts_with("/console?");
    let plain = next.bytes().all(|b| (0x21..=0x7e).contains(&b) && !b"\\\"<>^`{|}".contains(&b));
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let dots = path.split('/').any(|part| {
        let part = part.to_ascii_lowercase().replace("%2e", ".");
        part == "." || part == ".."
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
        for bad in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/console//evil",
            "/consolex",
            "/console/../x",
            "/console/%2e%2e/x",
            "/console/\r\nX: y",
            "javascript:alert(1)",
            "/console/a b",
        ] {
            assert_eq!(within(bad), "/console", "{bad}");
        }
    }
}
