//! One step of a request on its way: what it asks for is checked anew, and then somebody is asked to sign
//! in or to agree, or the client gets its answer.

use super::{
    Door, SignedIn, Ticket, Visit,
    back::Way,
    cookies,
    forms::{self, Typed},
    pages,
    ticket::Page,
};
use crate::{answer::Body, app::App, failure::Failure};
use domain::session::Session;
use http::{Response, StatusCode, header};
use service::{
    Error,
    authorization::{Authorization, BadRequest, Refusal},
};

/// A request on its way, and how it is answered by a redirect.
pub(super) struct Step<'a> {
    pub(super) app: &'a App,
    pub(super) door: &'a Door,
    pub(super) visit: &'a Visit,
    pub(super) status: StatusCode,
    pub(super) asked: Vec<(String, String)>,
}

impl<'a> Step<'a> {
    /// A step that a form leads to.
    pub(super) fn of(app: &'a App, door: &'a Door, visit: &'a Visit, ticket: &Ticket) -> Self {
        Self { app, door, visit, status: StatusCode::SEE_OTHER, asked: ticket.asked.clone() }
    }

    /// Checks the request, each time anew: a client may have been changed between two pages. `Err`: the
    /// client is told what is wrong.
    pub(super) async fn check(&self) -> Result<Result<Authorization, Response<Body>>, Failure> {
        let (realm, asked) = (self.door.realm().cloned(), forms::asked(&self.asked));
        let invalid = |field, detail: &str| Failure::Service(Error::invalid(field, detail));
        match self.app.service().check_authorization(realm, asked).await {
            Ok(checked) => Ok(Ok(checked)),
            Err(Refusal::Page(BadRequest::Client)) => Err(invalid("client_id", "not known here")),
            Err(Refusal::Page(BadRequest::NoRedirect)) => {
                Err(invalid("redirect_uri", "is missing"))
            }
            Err(Refusal::Page(BadRequest::Redirect)) => {
                Err(invalid("redirect_uri", "is not registered for the client"))
            }
            Err(Refusal::Client { redirect_uri, mode, state, error, description }) => {
                let (door, status) = (self.door, self.status);
                let way = Way {
                    door,
                    redirect_uri: &redirect_uri,
                    mode,
                    state: state.as_deref(),
                    status,
                };
                Ok(Err(way.with_error(self.app, error, description)))
            }
            Err(Refusal::Failed(error)) => Err(error.into()),
        }
    }

    /// The browser's session at this door.
    pub(super) async fn session(&self) -> Result<Option<Session>, Failure> {
        let cookie = self.visit.cookie(&cookies::session_name(self.app, self.door));
        let Some(presented) = cookie else { return Ok(None) };
        let found = self.app.service().find_session(&presented, &self.visit.context).await?;
        let here = found.filter(|(_, person)| self.door.takes(person.scope));
        Ok(here.map(|(session, _)| session))
    }

    /// The same, where it is the one that the ticket's page was made for.
    pub(super) async fn session_of(&self, ticket: &Ticket) -> Result<Session, Failure> {
        let session = self.session().await?;
        let same = |s: &Session| *ticket.page() == Page::Consent(s.id.to_string());
        session.filter(same).ok_or_else(|| Failure::Service(Error::invalid("ticket", super::GONE)))
    }

    pub(super) async fn signed_in(
        &self,
        checked: &Authorization,
        SignedIn { presented, session }: SignedIn,
    ) -> Result<Response<Body>, Failure> {
        let mut response = match checked.hinted {
            Some(person) if person != session.person => {
                self.refuse(checked, "login_required", "Somebody else signed in")
            }
            _ => self.go_on(checked, &session).await?,
        };
        if let Some(cookie) = cookies::set_session(self.app, self.door, &presented) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(response)
    }

    /// Somebody is signed in: they are asked whether they agree, or the client gets its code.
    pub(super) async fn go_on(
        &self,
        checked: &Authorization,
        session: &Session,
    ) -> Result<Response<Body>, Failure> {
        if !self.app.service().wants_consent(checked, session).await? {
            return self.give_code(checked, session).await;
        }
        if checked.prompt.none {
            return Ok(self.refuse(checked, "consent_required", "The person has not agreed yet"));
        }
        let (ticket, cookie) = self.ticket(Page::Consent(session.id.to_string()));
        let query = [("ticket", ticket.as_str())];
        let to = super::back::with_query(&self.door.consent_path(), &query);
        let mut response = super::back::redirect(self.app, self.status, &to);
        response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
        Ok(response)
    }

    pub(super) async fn give_code(
        &self,
        checked: &Authorization,
        session: &Session,
    ) -> Result<Response<Body>, Failure> {
        match self.app.service().issue_code(checked, session).await? {
            Some(code) => {
                let way = self.way(checked);
                Ok(way.with_code(self.app, code.expose(), &session.id.to_string()))
            }
            // Whoever is signed in is none of this client's, or is no longer signed in.
            None => self.ask_to_sign_in(checked, None).await,
        }
    }

    fn way<'b>(&'b self, checked: &'b Authorization) -> Way<'b> {
        Way {
            door: self.door,
            redirect_uri: &checked.redirect_uri,
            mode: checked.mode,
            state: checked.state.as_deref(),
            status: self.status,
        }
    }

    pub(super) fn refuse(
        &self,
        checked: &Authorization,
        error: &str,
        description: &str,
    ) -> Response<Body> {
        self.way(checked).with_error(self.app, error, description)
    }

    /// A ticket, sealed, and the cookie that it is bound to, where the browser has none yet.
    fn ticket(&self, page: Page) -> (String, Option<http::HeaderValue>) {
        super::ticket::bound(self.app, self.door, self.visit, page, &self.asked)
    }

    pub(super) async fn ask_to_sign_in(
        &self,
        checked: &Authorization,
        typed: Option<&Typed>,
    ) -> Result<Response<Body>, Failure> {
        self.ask(checked, typed, false).await
    }

    /// The same once more, where an issuer outside did not answer.
    pub(super) async fn ask_to_sign_in_otherwise(
        &self,
        checked: &Authorization,
    ) -> Result<Response<Body>, Failure> {
        let mut response = self.ask(checked, None, true).await?;
        if response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::BAD_GATEWAY;
        }
        Ok(response)
    }

    async fn ask(
        &self,
        checked: &Authorization,
        typed: Option<&Typed>,
        unreachable: bool,
    ) -> Result<Response<Body>, Failure> {
        if checked.prompt.none {
            return Ok(self.refuse(checked, "login_required", "Nobody is signed in"));
        }
        let (ticket, cookie) = self.ticket(Page::SignIn);
        let hides = forms::value(&self.asked, "hideTenant").is_some_and(|v| v == "true");
        let hint = checked.login_hint.as_deref().unwrap_or_default();
        let page = pages::SignIn {
            style: pages::style(),
            place: self.door.place(),
            client: &checked.client.name,
            action: &self.door.sign_in_path(),
            ticket: &ticket,
            asks_tenant: self.door.realm().is_none() && !hides,
            tenant: typed.map_or("", |typed| &typed.tenant),
            username: typed.map_or(hint, |typed| &typed.username),
            wrong: typed.is_some(),
            unreachable,
            issuers: self.issuers(&ticket),
        };
        let mut response = pages::page(self.app, &page, Some(&checked.redirect_uri));
        response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
        Ok(response)
    }

    pub(super) async fn consent_page(
        &self,
        checked: &Authorization,
        session: &Session,
        ticket: &str,
    ) -> Result<Response<Body>, Failure> {
        let person = self.app.service().person_name(session);
        let page = pages::Consent {
            style: pages::style(),
            place: self.door.place(),
            client: &checked.client.name,
            person: &person,
            action: &self.door.consent_path(),
            ticket,
            scopes: checked.scope.split(' ').map(meaning).collect(),
        };
        Ok(pages::page(self.app, &page, Some(&checked.redirect_uri)))
    }

    /// The issuers outside at which one may sign in, too.
    fn issuers(&self, ticket: &str) -> Vec<pages::Issuer> {
        let Some(tenant) = self.door.tenant() else { return Vec::new() };
        let link = |name: &str| {
            super::back::with_query(&self.door.broker_path(name), &[("ticket", ticket)])
        };
        let known = self.app.service().sign_in_issuers(tenant).into_iter();
        known.map(|(name, label)| pages::Issuer { href: link(&name), label }).collect()
    }
}

/// What a scope means to the person who is asked; one of the client's own is shown as it is.
fn meaning(scope: &str) -> &str {
    match scope {
        "openid" => "Who you are",
        "profile" => "Your user name and your name",
        "email" => "Your e-mail address",
        "address" => "Your postal address",
        "phone" => "Your phone number",
        "roles" => "The roles that you have",
        "offline_access" => "Act for you while you are away",
        other => other,
    }
}
