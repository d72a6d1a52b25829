//! Everywhere else a person is signed out.

use super::end::ended;
use crate::{Service, caller::Caller, error::Error};
use domain::actor::PrincipalId;
use store::Tx;

impl Service {
    /// Ends every session of the caller's but the one that they call in; how many those were.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for whoever is not a person at the console.
    pub async fn end_other_sessions(&self, caller: &Caller) -> Result<usize, Error> {
        let (PrincipalId::Person(id), Some(kept)) = (caller.principal.id, caller.session) else {
            return Err(Error::NotAllowed { right: None });
        };
        let (caller, at) = (caller.clone(), self.now().wall);
        let ended = self.store.write_urgent(move |tx: &mut Tx| {
            let mut others = store::sessions::list(tx, id, at)?;
            others.retain(|session| session.id != kept.id);
            if others.is_empty() {
                return Err(Error::NotFound);
            }
            let mut events = Vec::with_capacity(others.len());
            for session in &others {
                store::sessions::end(tx, session.id, at)?;
                events.push(ended(session.id, id, caller.scope(), caller.origin(at)));
            }
            Ok(tx.commit_all(events, others.len())?)
        });
        match ended.await {
            // Nothing was to be ended, and nothing is written of it.
            Err(Error::NotFound) => Ok(0),
            outcome => outcome,
        }
    }
}
