//! What persons agree that a client may know of them and do for them. A client that asks for consent gets
//! a code only for scopes that its person has agreed to; what they agreed to is remembered, and can be
//! taken back.

use super::Authorization;
use crate::{
    Service,
    caller::{Caller, Context},
    error::Error,
    persons::granting,
};
use domain::{
    actor::{Actor, ActorKind, PrincipalId},
    audit::{AuditEvent, Fact},
    id::PersonId,
    session::Session,
    time::Timestamp,
};
use store::{Tx, consents::Consent};

/// What a person agreed to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldConsent {
    /// For which client.
    pub client_id: String,
    /// Scopes, joined by a space.
    pub scopes: String,
    /// When, the last time.
    pub granted_at: Timestamp,
}

impl Service {
    /// Whether the person of this session is to be asked first.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn wants_consent(
        &self,
        asked: &Authorization,
        session: &Session,
    ) -> Result<bool, Error> {
        if asked.realm.is_none() {
            return Ok(false);
        }
        if asked.prompt.consent || !asked.client.consent_required {
            return Ok(asked.prompt.consent);
        }
        let (person, client) = (session.person, asked.client.id);
        let held = self.store.read(move |r| store::consents::find(r, person, client)).await?;
        Ok(!held.is_some_and(|held| covers(&held.scopes, &asked.scope)))
    }

    /// Notes that the person of this session agrees.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a person who is gone, or the store is unavailable.
    pub async fn grant_consent(
        &self,
        asked: &Authorization,
        session: &Session,
        context: &Context,
    ) -> Result<(), Error> {
        let (id, client, at) = (session.person, asked.client.id, self.now().wall);
        let owner = PrincipalId::Person(id);
        let person = self.verifier.principal(owner).ok_or(Error::Unauthenticated)?;
        let who = Actor {
            kind: ActorKind::Principal(owner),
            name: person.name().to_string(),
            scope: person.scope,
        };
        let event = AuditEvent::new(
            "consent.grant",
            person.scope,
            context.origin(who, at),
            ("person", id.to_string()),
        );
        let (named, scope) = (asked.client.client_id.clone(), asked.scope.clone());
        self.store
            .write(move |tx: &mut Tx| {
                let held = store::consents::find(tx, id, client)?;
                let scopes = together(held.as_ref().map_or("", |held| &held.scopes), &scope);
                let list = scopes.split(' ').map(str::to_owned).collect();
                let event = event.clone().detail(vec![
                    ("client", Fact::Text(named.clone())),
                    ("scopes", Fact::List(list)),
                ]);
                store::consents::insert(tx, id, &Consent { client, scopes, granted_at: at })?;
                Ok::<_, Error>(tx.commit(event, ())?)
            })
            .await
    }

    /// What a person agreed to, for themself or for whoever manages them. Clients that are gone are left
    /// out.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`].
    pub async fn list_consents(
        &self,
        caller: &Caller,
        id: PersonId,
    ) -> Result<Vec<HeldConsent>, Error> {
        self.sessions_owner(caller, id, granting::manage()).await?;
        let held = self.store.read(move |r| store::consents::list(r, id)).await?;
        let named = |held: Consent| {
            let client = self.verifier.principal(PrincipalId::Client(held.client))?;
            let client_id = client.name().to_string();
            Some(HeldConsent { client_id, scopes: held.scopes, granted_at: held.granted_at })
        };
        Ok(held.into_iter().filter_map(named).collect())
    }

    /// Takes back what a person agreed to for a client, by themself or by whoever manages them. Tokens that
    /// were given stay until they end or are revoked.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`] also where nothing was agreed to.
    pub async fn revoke_consent(
        &self,
        caller: &Caller,
        id: PersonId,
        client_id: &str,
    ) -> Result<(), Error> {
        let scope = self.sessions_owner(caller, id, granting::manage()).await?;
        let wanted = client_id.to_owned();
        let found = self.store.read(move |r| store::clients::find_by_client_id(r, &wanted)).await?;
        let client = found.map(|(client, _)| client).ok_or(Error::NotFound)?;
        let event = AuditEvent::new(
            "consent.revoke",
            scope,
            caller.origin(self.now().wall),
            ("person", id.to_string()),
        )
        .detail(vec![("client", Fact::Text(client.client_id))]);
        self.store
            .write_urgent(move |tx: &mut Tx| {
                if !store::consents::delete(tx, id, client.id)? {
                    return Err(Error::NotFound);
                }
                Ok(tx.commit(event.clone(), ())?)
            })
            .await
    }
}

/// Whether all of `asked` is among `held`.
fn covers(held: &str, asked: &str) -> bool {
    asked.split(' ').all(|scope| held.split(' ').any(|h| h == scope))
}

/// Both, each scope once, in the order of the alphabet.
fn together(held: &str, more: &str) -> String {
    let mut all: Vec<&str> =
        held.split(' ').chain(more.split(' ')).filter(|s| !s.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_agreed_to_once_is_not_asked_again_and_more_is() {
        assert!(covers("email openid profile", "openid profile"));
        assert!(!covers("openid", "openid profile"));
        assert_eq!(together("openid email", "openid profile"), "email openid profile");
        assert_eq!(together("", "a"), "a");
    }
}
