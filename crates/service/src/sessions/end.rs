//! The end of a session, and of every token that it brought forth.

use crate::{
    Service,
    caller::{Caller, Context},
    error::Error,
    persons::granting,
};
use domain::{
    actor::{Actor, ActorKind, PrincipalId},
    audit::{AuditEvent, Fact, Origin},
    id::{PersonId, Scope, SessionId},
    secret::Secret,
    session::Session,
};
use store::Tx;

impl Service {
    /// Ends the session that a browser presents. `None`: there is none that has not ended.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn end_session(
        &self,
        presented: &Secret,
        context: &Context,
    ) -> Result<Option<Session>, Error> {
        let digest = presented.digest();
        let found = self.store.read(move |r| store::sessions::find(r, &digest)).await?;
        let Some(session) = found else { return Ok(None) };
        self.end_session_of(session.person, session.id, context).await?;
        Ok(Some(session))
    }

    /// Ends a session on behalf of its person.
    pub(crate) async fn end_session_of(
        &self,
        id: PersonId,
        session: SessionId,
        context: &Context,
    ) -> Result<(), Error> {
        let (who, at) = (self.person_as_actor(id), self.now().wall);
        let event = ended(session, id, who.scope, context.origin(who, at));
        let write = move |tx: &mut Tx| {
            if !store::sessions::end(tx, session, at)? {
                return Err(Error::NotFound);
            }
            Ok(tx.commit(event.clone(), ())?)
        };
        match self.store.write_urgent(write).await {
            // It ended meanwhile: that is what was wanted.
            Err(Error::NotFound) => Ok(()),
            outcome => outcome,
        }
    }

    /// A person as the audit log names them.
    pub(super) fn person_as_actor(&self, id: PersonId) -> Actor {
        let owner = PrincipalId::Person(id);
        let person = self.verifier.principal(owner);
        let scope = person.as_ref().map_or(Scope::Cluster, |person| person.scope);
        let name = person.map_or_else(String::new, |person| person.name().to_string());
        Actor { kind: ActorKind::Principal(owner), name, scope }
    }

    /// Ends one session of a person, or all of them, for themself or for whoever manages persons.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] also for a person who holds more than the caller, [`Error::NotFound`].
    pub async fn end_sessions(
        &self,
        caller: &Caller,
        id: PersonId,
        one: Option<SessionId>,
    ) -> Result<(), Error> {
        let scope = self.sessions_owner(caller, id, granting::manage()).await?;
        let (caller, at) = (caller.clone(), self.now().wall);
        self.store
            .write_urgent(move |tx: &mut Tx| {
                if caller.principal.id != PrincipalId::Person(id) {
                    let person =
                        store::persons::find_for_update(tx, scope, id)?.ok_or(Error::NotFound)?;
                    granting::check_holds_no_more(tx, &caller, &person)?;
                }
                let sessions = match one {
                    Some(one) => {
                        vec![store::sessions::find_of(tx, id, one)?.ok_or(Error::NotFound)?]
                    }
                    None => store::sessions::list(tx, id, at)?,
                };
                let mut events = Vec::with_capacity(sessions.len());
                for session in &sessions {
                    store::sessions::end(tx, session.id, at)?;
                    events.push(ended(session.id, id, scope, caller.origin(at)));
                }
                if events.is_empty() {
                    return Err(Error::NotFound);
                }
                Ok(tx.commit_all(events, ())?)
            })
            .await
    }
}

/// What the audit log says of an end.
pub(super) fn ended(
    session: SessionId,
    person: PersonId,
    scope: Scope,
    origin: Origin,
) -> AuditEvent {
    AuditEvent::new("session.end", scope, origin, ("session", session.to_string()))
        .detail(vec![("person", Fact::Text(person.to_string()))])
}
