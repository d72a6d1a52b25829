//! Signing in to the console by an issuer of one's tenant: the browser goes there and comes back with a code.
//! Meanwhile a cookie keeps what was being done, sealed and bound to the browser. Where an issuer sends browsers
//! back to follows from the configuration, never from `Host`.
//!
//! Whoever has no password here proves themself once more in the same way.

mod way;
mod why;

use super::{
    Visiting, cookie,
    cookie::Transport,
    page::{self, see_other},
    sign_in::{self, Asked, within},
};
use crate::{
    answer::Body,
    app::App,
    browser,
    extract::{Path, Query},
    failure::Failure,
    trace::Trace,
};
use askama::Template;
use axum::extract::{Extension, State};
use domain::{
    actor::PrincipalId,
    id::{Scope, TenantId},
    secret::Secret,
};
use http::{HeaderMap, Response, StatusCode, header};
use serde::Deserialize;
use service::{
    Error,
    issuers::{ProviderAnswer, SIGN_IN_S},
};
use std::sync::Arc;
use way::{Way, open, seal};
use why::Why;

/// The issuer of a path.
#[derive(Deserialize)]
pub(super) struct Named {
    tenant: String,
    issuer: String,
}

/// A way to sign in, on the page.
pub(super) struct Link {
    pub(super) href: String,
    pub(super) label: String,
}

#[derive(Template)]
#[template(path = "console/signed_in.html")]
struct SignedIn<'a> {
    css: String,
    nonce: &'a str,
    to: &'a str,
}

/// The ways that the sign-in page of a tenant offers to this browser.
pub(super) async fn ways(
    app: &App,
    known: &Secret,
    tenant: &str,
    next: &str,
) -> Result<Vec<Link>, Failure> {
    let service = app.service();
    let Some((tenant, issuers)) = service.sign_in_issuers_of(tenant).await? else {
        return Ok(Vec::new());
    };
    let ticket = seal(app, known, next, None);
    let link = |(name, label): (String, String)| {
        let query = [("ticket", ticket.as_str())];
        Link { href: browser::with_query(&path(tenant, &name), &query), label }
    };
    Ok(issuers.into_iter().map(link).collect())
}

/// `GET /console/sign-in/outside/{tenant}/{issuer}`: to the issuer.
pub(super) async fn begin(
    State(app): State<App>,
    Extension(trace): Extension<Arc<Trace>>,
    headers: HeaderMap,
    Path(Named { tenant, issuer }): Path<Named>,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let Some(transport) = cookie::transport(&app, &trace, &headers) else {
        return Ok(page::needs_tls(&app, &trace));
    };
    let tenant = TenantId::parse(&tenant).map_err(|_| Failure::NoRoute)?;
    let ticket = query.take_text("ticket").unwrap_or_default();
    let Some(way) = open(&app, &headers, transport, &ticket) else {
        return again(&app, &headers, transport, tenant, "/console", Why::Gone).await;
    };
    leave(&app, (transport, &headers), (tenant, &issuer), &ticket, &way).await
}

/// `GET /console/prove`: to the issuer, for somebody who signed in there a while ago.
pub(super) async fn prove(
    State(app): State<App>,
    visitor: Visiting,
    headers: HeaderMap,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let next = query.take_text("next").unwrap_or_default();
    let next = within(&next);
    let (Some((issuer, _)), Scope::Tenant(tenant)) = (&visitor.outside, visitor.caller.scope())
    else {
        return Ok(see_other(&app, next));
    };
    let (known, set) = sign_in::visit(&app, &headers, visitor.transport);
    let who = visitor.caller.principal.id.to_string();
    let ticket = seal(&app, &known, next, Some(who.clone()));
    let way =
        Way { console_next: next.to_owned(), browser: String::new(), until: 0, again: Some(who) };
    let place = (visitor.transport, &headers);
    let mut response = leave(&app, place, (tenant, issuer), &ticket, &way).await?;
    response.headers_mut().extend(set.map(|value| (header::SET_COOKIE, value)));
    Ok(response)
}

/// `GET /console/sign-in/outside/{tenant}/{issuer}/end`: back from the issuer.
pub(super) async fn finish(
    State(app): State<App>,
    Extension(trace): Extension<Arc<Trace>>,
    headers: HeaderMap,
    Path(Named { tenant, issuer }): Path<Named>,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let Some(transport) = cookie::transport(&app, &trace, &headers) else {
        return Ok(page::needs_tls(&app, &trace));
    };
    let tenant = TenantId::parse(&tenant).map_err(|_| Failure::NoRoute)?;
    let answer = ProviderAnswer {
        state: query.take_text("state"),
        code: query.take_text("code"),
        iss: query.take_text("iss"),
        error: query.take_text("error"),
    };
    let kept = cookie::find_outside(&headers, transport);
    let (place, address) =
        ((Scope::Tenant(tenant), issuer.as_str()), address(&app, tenant, &issuer));
    let service = app.service();
    let context = trace.context();
    let finished =
        service.finish_outside_sign_in(place, &address, kept.as_ref(), &answer, &context).await;
    let finished = match finished {
        Ok(finished) => finished,
        Err(why) => {
            let why = Why::of(why)?;
            return again(&app, &headers, transport, tenant, "/console", why).await;
        }
    };
    let Some(way) = open(&app, &headers, transport, &finished.ticket) else {
        return again(&app, &headers, transport, tenant, "/console", Why::Gone).await;
    };
    let next = within(&way.console_next);
    let who = PrincipalId::Person(finished.person.id).to_string();
    if way.again.is_some_and(|wanted| wanted != who) {
        return again(&app, &headers, transport, tenant, next, Why::SomebodyElse).await;
    }
    let before = cookie::find(&headers, transport);
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let renewed = service.renew_session(&finished.person, before.as_ref(), &context, agent).await;
    let presented = match renewed {
        Ok((presented, _)) => presented,
        Err(Error::Unauthenticated) => {
            return again(&app, &headers, transport, tenant, next, Why::OutOfService).await;
        }
        Err(error) => return Err(error.into()),
    };
    // Not by a redirect: it would still come from the issuer's site, and a session that goes to no other site
    // would not come along.
    let nonce = service.random_text();
    let signed_in = SignedIn { css: super::assets::css(), nonce: nonce.expose(), to: next };
    let mut response = page::bare(&app, StatusCode::OK, nonce.expose(), &signed_in);
    let gone = cookie::set_outside(transport, &Secret::new(String::new()), 0);
    let cookies = [cookie::set(transport, &presented), gone];
    for value in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

async fn leave(
    app: &App,
    (transport, headers): (Transport, &HeaderMap),
    (tenant, issuer): (TenantId, &str),
    ticket: &str,
    way: &Way,
) -> Result<Response<Body>, Failure> {
    let address = address(app, tenant, issuer);
    let (scope, anew) = (Scope::Tenant(tenant), way.again.is_some());
    let begun = app.service().begin_outside_sign_in(scope, issuer, &address, ticket, anew).await;
    let begun = match begun {
        Ok(begun) => begun,
        Err(why) => {
            let next = within(&way.console_next);
            return again(app, headers, transport, tenant, next, Why::of(why)?).await;
        }
    };
    let mut response = browser::redirect(app, StatusCode::FOUND, &begun.location);
    let cookie = cookie::set_outside(transport, &begun.cookie, SIGN_IN_S);
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

/// The sign-in page once more.
async fn again(
    app: &App,
    headers: &HeaderMap,
    transport: Transport,
    tenant: TenantId,
    next: &str,
    why: Why,
) -> Result<Response<Body>, Failure> {
    let tenant = tenant.to_string();
    let wrong = Some(why.text().to_owned());
    let asked = Asked { next, tenant: &tenant, wrong, ..Asked::default() };
    sign_in::render(app, headers, transport, why.status(), asked).await
}

fn path(tenant: TenantId, issuer: &str) -> String {
    format!("/console/sign-in/outside/{tenant}/{issuer}")
}

fn address(app: &App, tenant: TenantId, issuer: &str) -> String {
    format!("{}{}/end", app.config().public_url, path(tenant, issuer))
}
