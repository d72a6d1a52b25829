//! What was asked for, on its way through the pages of one browser.

use super::{Door, Visit, cookies, forms};
use crate::{app::App, failure::Failure};
use domain::time::Timestamp;
use http::HeaderValue;
use serde::{Deserialize, Serialize};
use service::{Error, Service};

/// Milliseconds for which a page may lie open.
const LIFE_MS: i64 = 30 * 60 * 1_000;

/// What was asked for. Sealed, because the browser brings it back; bound to the browser that it was given
/// to, because another one could be made to.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Ticket {
    /// The realm's name; `None`: `/auth/v3`.
    realm: Option<String>,
    /// The mark of the browser.
    browser: String,
    /// Its end, in milliseconds.
    until: i64,
    /// What the page is for: a ticket of one page opens no other.
    page: Page,
    /// The parameters as the client sent them.
    pub(super) asked: Vec<(String, String)>,
}

/// A page that takes a ticket back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) enum Page {
    /// The sign-in.
    SignIn,
    /// The consent of the person of this session.
    Consent(String),
    /// The end of this session.
    SignOut(String),
}

impl Ticket {
    pub(super) fn new(
        door: &Door,
        browser: String,
        page: Page,
        asked: &[(String, String)],
        now: Timestamp,
    ) -> Self {
        let realm = door.realm().map(|realm| realm.name.clone());
        let until = now.as_millis().saturating_add(LIFE_MS);
        Self { realm, browser, until, page, asked: asked.to_vec() }
    }

    pub(super) fn page(&self) -> &Page {
        &self.page
    }

    /// Whether the client wants a sign-in that has just been, not one that lasts somewhere.
    pub(super) fn wants_anew(&self) -> bool {
        let words = forms::value(&self.asked, "prompt").unwrap_or_default();
        words.split_ascii_whitespace().any(|word| matches!(word, "login" | "select_account"))
            || forms::value(&self.asked, "max_age").is_some()
    }

    /// Refuses a ticket of another page.
    pub(super) fn must_be(&self, page: &Page) -> Result<(), Failure> {
        if self.page == *page { Ok(()) } else { Err(gone()) }
    }

    /// Seals it.
    pub(crate) fn seal(&self, service: &Service) -> String {
        // A value of texts and numbers always serialises.
        let payload = serde_json::to_vec(self).unwrap_or_default();
        service.seal_ticket(&payload)
    }

    /// Opens a ticket that this browser was given at this door, while it lasts.
    ///
    /// # Errors
    /// It is none: the page has to be asked for anew.
    pub(crate) fn open(app: &App, door: &Door, visit: &Visit, text: &str) -> Result<Self, Failure> {
        let payload = app.service().open_ticket(text).ok_or_else(gone)?;
        let ticket: Self = serde_json::from_slice(&payload).map_err(|_| gone())?;
        let browser = visit.cookie(&cookies::browser_name(app)).ok_or_else(gone)?;
        let here = ticket.realm.as_deref() == door.realm().map(|realm| realm.name.as_str());
        let his = cookies::browser_mark(&browser) == ticket.browser;
        let in_time = app.service().now().wall.as_millis() < ticket.until;
        if here && his && in_time { Ok(ticket) } else { Err(gone()) }
    }
}

/// A ticket of this visit's browser, sealed, and the cookie that binds it, where the browser has none yet.
pub(super) fn bound(
    app: &App,
    door: &Door,
    visit: &Visit,
    page: Page,
    asked: &[(String, String)],
) -> (String, Option<HeaderValue>) {
    let service = app.service();
    let known = visit.cookie(&cookies::browser_name(app));
    let (mark, cookie) = match known {
        Some(known) => (cookies::browser_mark(&known), None),
        None => {
            let made = service.random_text();
            (cookies::browser_mark(&made), cookies::set_browser(app, &made))
        }
    };
    let ticket = Ticket::new(door, mark, page, asked, service.now().wall);
    (ticket.seal(service), cookie)
}

fn gone() -> Failure {
    Failure::Service(Error::invalid("ticket", super::GONE))
}
