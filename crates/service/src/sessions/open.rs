//! A browser signs in. What it presents from then on is new, and what it presented before is dead (SE-01).

use crate::{Service, authorization::random_text, caller::Context, error::Error};
use domain::{
    actor::{Actor, ActorKind, PrincipalId},
    audit::{AuditEvent, Fact},
    id::SessionId,
    person::Person,
    secret::{Secret, SecretDigest},
    session::{self, Session},
};
use store::Tx;

impl Service {
    /// Opens a session for a person who has just proved who they are, as they were then.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a person who was changed meanwhile, or the store is unavailable.
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
        let opened = self.store.write(move |tx: &mut Tx| {
            let now = store::persons::find_for_update(tx, person.scope, person.id)?;
            if !now.is_some_and(|now| now.enabled && now.version == person.version) {
                return Err(Error::Unauthenticated);
            }
            let known = match &before {
                Some(digest) => store::sessions::find(tx, digest)?,
                None => None,
            };
            let mut session = session.clone();
            let mut renewed = false;
            if let Some(known) = known {
                if known.person == person.id && !known.is_over(at, idle_s) {
                    let same = Session { id: known.id, ..session.clone() };
                    if store::sessions::update_digest(tx, &digest, &same)? {
                        (session, renewed) = (same, true);
                    }
                } else {
                    store::sessions::end(tx, known.id, at)?;
                }
            }
            if !renewed {
                store::sessions::insert(tx, &digest, &session)?;
            }
            let event = AuditEvent::new(
                "session.open",
                person.scope,
                origin.clone(),
                ("session", session.id.to_string()),
            )
            .detail(vec![
                ("person", Fact::Text(person.id.to_string())),
                ("renewed", Fact::Bool(renewed)),
            ]);
            Ok(tx.commit(event, session)?)
        });
        Ok((text, opened.await?))
    }
}
