//! From a client's request to its answer, page by page.

use super::{
    Door, Ticket, Visit, cookies,
    forms::{self, Typed},
    step::Step,
    ticket::Page,
};
use crate::{answer::Body, app::App, extract::Parameters, failure::Failure};
use domain::{secret::Secret, session::Session};
use http::{Response, StatusCode};
use service::{Error, authorization::BrowserSignIn};

/// Somebody who has just proved who they are.
pub(crate) struct SignedIn {
    /// What the browser presents from now on.
    pub(crate) presented: Secret,
    /// Their session.
    pub(crate) session: Session,
}

/// Answers the authorization endpoint: a client sent this browser, by a link or by a form.
pub(crate) async fn authorize(
    app: &App,
    door: &Door,
    visit: &Visit,
    mut parameters: Parameters,
    by_form: bool,
) -> Result<Response<Body>, Failure> {
    let status = if by_form { StatusCode::SEE_OTHER } else { StatusCode::FOUND };
    let asked = forms::kept(&mut parameters);
    let step = Step { app, door, visit, status, asked };
    let checked = match step.check().await? {
        Ok(checked) => checked,
        Err(refused) => return Ok(refused),
    };
    if let Some(session) = step.session().await?
        && app.service().is_signed_in(&checked, &session)
    {
        return step.go_on(&checked, &session).await;
    }
    step.ask_to_sign_in(&checked, None).await
}

/// Answers the sign-in page.
pub(crate) async fn sign_in(
    app: &App,
    door: &Door,
    visit: &Visit,
    mut form: Parameters,
) -> Result<Response<Body>, Failure> {
    visit.check_same_site(app)?;
    let typed = Typed::of(&mut form);
    let ticket = Ticket::open(app, door, visit, &typed.ticket)?;
    ticket.must_be(&Page::SignIn)?;
    let step = Step::of(app, door, visit, &ticket);
    let checked = match step.check().await? {
        Ok(checked) => checked,
        Err(refused) => return Ok(refused),
    };
    let Some(password) = &typed.password else {
        return step.ask_to_sign_in(&checked, Some(&typed)).await;
    };
    let presented = BrowserSignIn {
        username: typed.account(),
        password: Secret::new(password.expose().to_owned()),
    };
    let service = app.service();
    let Some(person) = service.sign_in_by_browser(&checked, presented, &visit.context).await?
    else {
        return step.ask_to_sign_in(&checked, Some(&typed)).await;
    };
    let before = visit.cookie(&cookies::session_name(app, door));
    let opened =
        service.renew_session(&person, before.as_ref(), &visit.context, visit.agent()).await;
    match opened {
        Ok((presented, session)) => step.signed_in(&checked, SignedIn { presented, session }).await,
        // Changed between the proof and now: the proof is worth nothing any more.
        Err(Error::Unauthenticated) => step.ask_to_sign_in(&checked, Some(&typed)).await,
        Err(error) => Err(error.into()),
    }
}

/// Goes on with a ticket whose person has signed in by other means: at an issuer outside.
pub(crate) async fn resume(
    app: &App,
    door: &Door,
    visit: &Visit,
    ticket: &Ticket,
    signed_in: SignedIn,
) -> Result<Response<Body>, Failure> {
    ticket.must_be(&Page::SignIn)?;
    let step = Step::of(app, door, visit, ticket);
    match step.check().await? {
        Ok(checked) => step.signed_in(&checked, signed_in).await,
        Err(refused) => Ok(refused),
    }
}

/// Goes back to the sign-in page with a ticket whose issuer outside does not answer.
pub(crate) async fn go_back(
    app: &App,
    door: &Door,
    visit: &Visit,
    ticket: &Ticket,
) -> Result<Response<Body>, Failure> {
    ticket.must_be(&Page::SignIn)?;
    let step = Step::of(app, door, visit, ticket);
    match step.check().await? {
        Ok(checked) => step.ask_to_sign_in_otherwise(&checked).await,
        Err(refused) => Ok(refused),
    }
}

/// Shows what a client asks for.
pub(crate) async fn show_consent(
    app: &App,
    door: &Door,
    visit: &Visit,
    ticket: &str,
) -> Result<Response<Body>, Failure> {
    let ticket = Ticket::open(app, door, visit, ticket)?;
    let step = Step::of(app, door, visit, &ticket);
    let checked = match step.check().await? {
        Ok(checked) => checked,
        Err(refused) => return Ok(refused),
    };
    let session = step.session_of(&ticket).await?;
    step.consent_page(&checked, &session, &ticket.seal(app.service())).await
}

/// Answers the consent page.
pub(crate) async fn agree(
    app: &App,
    door: &Door,
    visit: &Visit,
    mut form: Parameters,
) -> Result<Response<Body>, Failure> {
    visit.check_same_site(app)?;
    let ticket = form.take_text("ticket").unwrap_or_default();
    let ticket = Ticket::open(app, door, visit, &ticket)?;
    let step = Step::of(app, door, visit, &ticket);
    let checked = match step.check().await? {
        Ok(checked) => checked,
        Err(refused) => return Ok(refused),
    };
    let session = step.session_of(&ticket).await?;
    if form.take_text("decision").as_deref() != Some("allow") {
        return Ok(step.refuse(&checked, "access_denied", "The person did not agree"));
    }
    app.service().grant_consent(&checked, &session, &visit.context).await?;
    step.give_code(&checked, &session).await
}
