//! Signing in at an issuer outside: a browser goes there from the sign-in page and comes back with a code.
//! What it was about to do stays in a cookie of its own meanwhile, ticket and all (see the use case).

use super::{Door, SignedIn, Ticket, Visit, back, cookies, flow};
use crate::{answer::Body, app::App, extract::Parameters, failure::Failure};
use domain::{id::Scope, secret::Secret};
use http::{Response, StatusCode, header};
use service::{
    Error,
    issuers::{ProviderAnswer, SignInRefused},
};

/// The longest cookie that every browser keeps, its name and what belongs to it included.
const MAX_COOKIE_BYTES: usize = 3_900;

/// Sends a browser to an issuer.
pub(crate) async fn begin(
    app: &App,
    door: &Door,
    visit: &Visit,
    issuer: &str,
    ticket: &str,
) -> Result<Response<Body>, Failure> {
    let opened = Ticket::open(app, door, visit, ticket)?;
    let anew = opened.wants_anew();
    let (scope, address) = (scope(door)?, address(app, door, issuer));
    let begun = app.service().begin_outside_sign_in(scope, issuer, &address, ticket, anew).await;
    let begun = match begun {
        Err(SignInRefused::NoAnswer) => return flow::go_back(app, door, visit, &opened).await,
        begun => begun.map_err(failure)?,
    };
    if begun.cookie.expose().len() > MAX_COOKIE_BYTES {
        let detail = "asks for too much to be kept while you sign in elsewhere";
        return Err(Error::invalid("request", detail).into());
    }
    let mut response = back::redirect(app, StatusCode::FOUND, &begun.location);
    let cookie = cookies::set_broker(app, door, &begun.cookie, service::issuers::SIGN_IN_S);
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

/// Takes a browser back that was at an issuer.
pub(crate) async fn finish(
    app: &App,
    door: &Door,
    visit: &Visit,
    issuer: &str,
    mut query: Parameters,
) -> Result<Response<Body>, Failure> {
    let answer = ProviderAnswer {
        state: query.take_text("state"),
        code: query.take_text("code"),
        iss: query.take_text("iss"),
        error: query.take_text("error"),
    };
    let cookie = visit.cookie(&cookies::broker_name(app, door));
    let (place, address) = ((scope(door)?, issuer), address(app, door, issuer));
    let service = app.service();
    let finished = service
        .finish_outside_sign_in(place, &address, cookie.as_ref(), &answer, &visit.context)
        .await
        .map_err(failure)?;
    let ticket = Ticket::open(app, door, visit, &finished.ticket)?;
    let before = visit.cookie(&cookies::session_name(app, door));
    let opened =
        service.renew_session(&finished.person, before.as_ref(), &visit.context, visit.agent());
    let (presented, session) = opened.await.map_err(|error| match error {
        Error::Unauthenticated => refused("your account here is out of service"),
        other => other.into(),
    })?;
    let signed_in = SignedIn { presented, session };
    let mut response = flow::resume(app, door, visit, &ticket, signed_in).await?;
    // It was of use once.
    let cleared = cookies::set_broker(app, door, &Secret::new(String::new()), 0);
    response.headers_mut().extend(cleared.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

/// Whose issuers sign in at this door.
fn scope(door: &Door) -> Result<Scope, Failure> {
    door.tenant().map(Scope::Tenant).ok_or_else(|| Error::NotFound.into())
}

/// Where an issuer sends browsers back to: from the configuration, never from `Host`.
fn address(app: &App, door: &Door, issuer: &str) -> String {
    format!("{}{}", app.config().public_url, door.broker_end_path(issuer))
}

fn refused(why: &str) -> Failure {
    Error::invalid("issuer", format!("{why}; go back to the application to try again")).into()
}

fn failure(why: SignInRefused) -> Failure {
    match why {
        SignInRefused::NoIssuer => Error::NotFound.into(),
        SignInRefused::NotBegun => Error::invalid("ticket", super::GONE).into(),
        SignInRefused::Denied => refused("it did not sign you in"),
        SignInRefused::NotBelieved => refused("what it says of you does not hold"),
        SignInRefused::NoAnswer => Failure::BadGateway,
        SignInRefused::Failed(error) => error.into(),
    }
}
