//! A browser signs in. What it presents from then on is new, and what it presented before is dead (SE-01).

use super::end::ended;
use crate::{Service, authorization::random_text, caller::Context, error::Error};
use domain::{
    actor::{Actor, ActorKind, PrincipalId},
    audit::{AuditEvent, Fact},
    id::SessionId,
    person::Person,
    secret::{Secret, SecretDigest},
    session::{self, Session},
    time::Timestamp,
};
use store::Tx;

impl Service {
    /// Opens a session for a person who has just proved who they are, as they were then.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a person who was changed meanwhile, or whose issuer is believed no
    /// more; or the store is unavailable.
    pub async fn open_session(
        &self,
        person: &Person,
        context: &Context,
        agent: Option<&str>,
    ) -> Result<(Secret, Session), Error> {
        self.renew_session(person, None, context, agent).await
    }

    /// The same for a browser that presented something before. Where that was a session of the same person,
    /// it goes on under its id, so that what else they are signed in to stays; any other ends.
    ///
    /// # Errors
    /// As [`Self::open_session`].
    pub async fn renew_session(
        &self,
        person: &Person,
        before: Option<&Secret>,
        context: &Context,
        agent: Option<&str>,
    ) -> Result<(Secret, Session), Error> {
        let (text, at) = (random_text(&self.entropy), self.now().wall);
        let session = Session {
            id: SessionId(self.entropy.uuid()),
            person: person.id,
            authenticated_at: at,
            last_seen_at: at,
            expires_at: at.plus_seconds(self.settings.session_absolute_s.into()),
            address: context.address.map(|address| address.to_string()),
            agent: agent.map(session::agent),
        };
        let who = Actor {
            kind: ActorKind::Principal(PrincipalId::Person(person.id)),
            name: person.username.clone(),
            scope: person.scope,
        };
        let origin = context.origin(who, at);
        let (person, digest) = (person.clone(), text.digest());
        let before: Option<SecretDigest> = before.map(Secret::digest);
        let idle_s = self.settings.session_idle_s;
        // It may have been switched off while the browser was there.
        let asks_for = person.outside.as_ref().map(|outside| outside.issuer.clone());
        let asks_for = asks_for.filter(|iss| !self.issuers.is_configured(person.scope, iss));
        let (service, context) = (self.clone(), context.clone());
        let opened = self.store.write(move |tx: &mut Tx| {
            let now = store::persons::find_for_update(tx, person.scope, person.id)?;
            if !now.is_some_and(|now| now.enabled && now.version == person.version) {
                return Err(Error::Unauthenticated);
            }
            // Behind the lock of the person, which whoever ends an issuer waits for.
            if let Some(iss) = &asks_for
                && !store::issuers::is_enabled(tx, person.scope, iss)?
            {
                return Err(Error::Unauthenticated);
            }
            let mut events = Vec::with_capacity(2);
            let (mut session, mut renewed) = (session.clone(), false);
            match known(tx, before.as_ref())? {
                Some(known) if known.person == person.id && !known.is_over(at, idle_s) => {
                    let same = Session { id: known.id, ..session.clone() };
                    if store::sessions::update_digest(tx, &digest, &same)? {
                        (session, renewed) = (same, true);
                    }
                }
                Some(known) => events.extend(service.end_other(tx, &known, &context, at)?),
                None => {}
            }
            if !renewed {
                store::sessions::insert(tx, &digest, &session)?;
            }
            let said = vec![
                ("person", Fact::Text(person.id.to_string())),
                ("renewed", Fact::Bool(renewed)),
            ];
            let subject = ("session", session.id.to_string());
            let event = AuditEvent::new("session.open", person.scope, origin.clone(), subject);
            events.push(event.detail(said));
            Ok(tx.commit_all(events, session)?)
        });
        Ok((text, opened.await?))
    }

    /// Ends the session that another one takes the place of in a browser.
    fn end_other(
        &self,
        tx: &mut Tx,
        known: &Session,
        context: &Context,
        at: Timestamp,
    ) -> Result<Option<AuditEvent>, Error> {
        if !store::sessions::end(tx, known.id, at)? {
            return Ok(None);
        }
        let who = self.person_as_actor(known.person);
        let (scope, origin) = (who.scope, context.origin(who, at));
        Ok(Some(ended(known.id, known.person, scope, origin)))
    }
}

/// The session that a browser presented.
fn known(tx: &mut Tx, digest: Option<&SecretDigest>) -> Result<Option<Session>, Error> {
    Ok(digest.map(|digest| store::sessions::find(tx, digest)).transpose()?.flatten())
}
