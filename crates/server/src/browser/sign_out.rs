//! A browser signs out: sent by a client that says who (OpenID Connect RP-Initiated Logout), or of its own
//! accord, and then it is asked first: a link must not sign anybody out.

use super::{Door, Ticket, Visit, back, cookies, forms, pages, ticket::Page};
use crate::{answer::Body, app::App, extract::Parameters, failure::Failure};
use domain::session::Session;
use http::{HeaderValue, Response, StatusCode, header};
use service::{
    Error,
    authorization::{SignOut, SignedOut},
    oauth2::Realm,
};

/// Answers the end-session endpoint of a realm.
pub(crate) async fn sign_out(
    app: &App,
    realm: &Realm,
    visit: &Visit,
    mut parameters: Parameters,
    by_form: bool,
) -> Result<Response<Body>, Failure> {
    let door = Door::Realm(realm.clone());
    let status = if by_form { StatusCode::SEE_OTHER } else { StatusCode::FOUND };
    let asked = SignOut {
        id_token_hint: parameters.take("id_token_hint"),
        client_id: parameters.take_text("client_id"),
        redirect_uri: parameters.take_text("post_logout_redirect_uri"),
    };
    let state = parameters.take_text("state");
    let service = app.service();
    let checked = service.check_sign_out(realm, asked).await?;
    let here = session(app, &door, visit).await?;
    match here {
        // Whoever the client speaks of, or nobody: there is nothing to ask.
        Some(session) if checked.person == Some(session.person) => {
            end(app, &door, visit).await?;
            service.end_hinted_session(&checked, &visit.context).await?;
        }
        None => service.end_hinted_session(&checked, &visit.context).await?,
        Some(session) => return Ok(ask(app, &door, visit, &session, &checked, state)),
    }
    Ok(done(app, &door, status, checked.redirect_uri.as_deref(), state.as_deref()))
}

/// Answers the page that asked.
pub(crate) async fn confirm_sign_out(
    app: &App,
    realm: &Realm,
    visit: &Visit,
    mut form: Parameters,
) -> Result<Response<Body>, Failure> {
    visit.check_same_site(app)?;
    let door = Door::Realm(realm.clone());
    let ticket = form.take_text("ticket").unwrap_or_default();
    let ticket = Ticket::open(app, &door, visit, &ticket)?;
    let Page::SignOut(of) = ticket.page() else {
        return Err(Error::invalid("ticket", super::GONE).into());
    };
    if session(app, &door, visit).await?.is_some_and(|session| session.id.to_string() == *of) {
        end(app, &door, visit).await?;
    }
    let value = |name| forms::value(&ticket.asked, name);
    Ok(done(app, &door, StatusCode::SEE_OTHER, value("redirect_uri"), value("state")))
}

async fn session(app: &App, door: &Door, visit: &Visit) -> Result<Option<Session>, Failure> {
    let cookie = visit.cookie(&cookies::session_name(app, door));
    let Some(presented) = cookie else { return Ok(None) };
    let found = app.service().find_session(&presented, &visit.context).await?;
    Ok(found.filter(|(_, person)| door.takes(person.scope)).map(|(session, _)| session))
}

async fn end(app: &App, door: &Door, visit: &Visit) -> Result<(), Failure> {
    if let Some(presented) = visit.cookie(&cookies::session_name(app, door)) {
        app.service().end_session(&presented, &visit.context).await?;
    }
    Ok(())
}

fn ask(
    app: &App,
    door: &Door,
    visit: &Visit,
    session: &Session,
    checked: &SignedOut,
    state: Option<String>,
) -> Response<Body> {
    let kept = [("redirect_uri", checked.redirect_uri.clone()), ("state", state)];
    let asked: Vec<(String, String)> =
        kept.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let page = Page::SignOut(session.id.to_string());
    let (ticket, cookie) = super::ticket::bound(app, door, visit, page, &asked);
    let page = pages::SignOut {
        style: pages::style(),
        place: door.place(),
        person: &app.service().person_name(session),
        action: &door.sign_out_path(),
        ticket: &ticket,
    };
    let mut response = pages::page(app, &page, checked.redirect_uri.as_deref());
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

/// Nobody is signed in any more.
fn done(
    app: &App,
    door: &Door,
    status: StatusCode,
    redirect_uri: Option<&str>,
    state: Option<&str>,
) -> Response<Body> {
    let mut response = match redirect_uri {
        Some(to) => {
            let fields: Vec<(&str, &str)> =
                state.map(|state| ("state", state)).into_iter().collect();
            back::redirect(app, status, &back::with_query(to, &fields))
        }
        None => {
            let text = "You can close this page.";
            let mut said = pages::message(StatusCode::OK, "You are signed out", text, "");
            pages::dress(app, &mut said);
            said
        }
    };
    let cookie: Option<HeaderValue> = cookies::clear_session(app, door);
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}
