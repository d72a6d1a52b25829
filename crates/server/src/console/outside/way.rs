//! What is being done while a browser is at an issuer: sealed, because the browser brings it back, and bound to
//! the browser that it was given to, because another one could be made to.

use super::super::cookie::{self, Transport};
use crate::app::App;
use domain::secret::{Secret, SecretDigest};
use http::HeaderMap;
use serde::{Deserialize, Serialize};

/// Milliseconds for which the sign-in page may lie open.
const LIFE_MS: i64 = 30 * 60 * 1_000;

/// What is being done.
#[derive(Serialize, Deserialize)]
pub(super) struct Way {
    /// Where the browser goes in the end.
    pub(super) console_next: String,
    /// The mark of the browser.
    pub(super) browser: String,
    /// Its end, in milliseconds.
    pub(super) until: i64,
    /// Who proves themself once more; `None`: somebody signs in.
    pub(super) again: Option<String>,
}

pub(super) fn seal(app: &App, known: &Secret, next: &str, again: Option<String>) -> String {
    let until = app.service().now().wall.as_millis().saturating_add(LIFE_MS);
    let way = Way { console_next: next.to_owned(), browser: mark(known), until, again };
    // A value of texts and numbers always serialises.
    let payload = serde_json::to_vec(&way).unwrap_or_default();
    app.service().seal_ticket(&payload)
}

/// Opens what this browser was given, while it lasts.
pub(super) fn open(
    app: &App,
    headers: &HeaderMap,
    transport: Transport,
    ticket: &str,
) -> Option<Way> {
    let payload = app.service().open_ticket(ticket)?;
    let way: Way = serde_json::from_slice(&payload).ok()?;
    let known = cookie::find_visit(headers, transport)?;
    let in_time = app.service().now().wall.as_millis() < way.until;
    (mark(&known) == way.browser && in_time).then_some(way)
}

/// What a ticket keeps of the browser's cookie.
fn mark(known: &Secret) -> String {
    let digest: SecretDigest = known.digest();
    digest.as_bytes().iter().map(|b| format!("{b:02x}")).collect()
}
