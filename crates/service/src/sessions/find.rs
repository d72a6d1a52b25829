//! Whose session a browser presents.

use crate::{Service, caller::Context, error::Error};
use domain::{actor::PrincipalId, secret::Secret, session::Session};
use std::sync::Arc;
use verifier::Principal;

/// What a browser presents is 43 characters; whatever is much longer is not looked for.
const MAX_BYTES: usize = 128;
/// How exactly it is noted when a browser was seen: not each call of it is a write.
pub(super) const SEEN_EVERY_MS: i64 = 60_000;

impl Service {
    /// The session that a browser presents, and its person. `None`: there is none, it is over, or its
    /// person or their tenant is out of service.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn find_session(
        &self,
        presented: &Secret,
        _: &Context,
    ) -> Result<Option<(Session, Arc<Principal>)>, Error> {
        if presented.expose().is_empty() || presented.expose().len() > MAX_BYTES {
            return Ok(None);
        }
        let digest = presented.digest();
        let found = self.store.read(move |r| store::sessions::find(r, &digest)).await?;
        let Some(session) = found else { return Ok(None) };
        let at = self.now().wall;
        if session.is_over(at, self.settings.session_idle_s) {
            return Ok(None);
        }
        let person = self.verifier.principal(PrincipalId::Person(session.person));
        let Some(person) = person.filter(|person| person.is_live()) else { return Ok(None) };
        if at.millis_since(session.last_seen_at) >= SEEN_EVERY_MS {
            let id = session.id;
            self.store.record(move |b| store::sessions::update_seen(b, id, at)).await?;
        }
        Ok(Some((session, person)))
    }
}
