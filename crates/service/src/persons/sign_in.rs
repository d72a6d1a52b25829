//! Proof by password, wherever one is presented: the password grant, Basic credentials of cluster
//! persons, a change of password.
//!
//! 1. One attempt at a time of a name from a source ([`Turns`]), and no more at once than passwords
//!    are hashed at once: ten good sign-ins at once must not look like nine guesses.
//! 2. The attempt is counted as a failure, known and unknown names alike, in the transaction that
//!    also says whether the name may be tried at all. A locked one ends here.
//! 3. The password is hashed, against a decoy where there is no such person (EN-01).
//! 4. A failure is noted for the audit log; a success takes the attempt back, renews an outdated
//!    hash, and is noted too (CW-01).
//!
//! Whatever went wrong, the answer is the same.

use super::{
    account_name::{self, AccountName},
    sign_in_notes::Topic,
};
use crate::{Service, caller::Context, error::Error, password::Match, seal};
use domain::{
    actor::{Actor, ActorKind, PrincipalId},
    audit::{AuditEvent, Fact},
    id::{Scope, TenantId},
    person::{self, Person},
    secret::Secret,
    time::Timestamp,
};
use std::sync::Arc;
use store::{Read, attempts::Attempt, persons::PasswordRecord};

/// Whom a password is presented for.
#[derive(Clone, Debug)]
pub(crate) enum Account {
    /// A name with its tenant part, as it was typed.
    Named(String),
    /// A name within a known scope.
    Of(Scope, String),
}

/// What a password is presented to.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Via {
    /// The token endpoint, by the client of this `client_id`.
    Client(String),
    /// The page of a browser that the client of this `client_id` sent.
    Browser(String),
    /// The console's own page.
    Console,
    /// A request with Basic credentials.
    Basic,
    /// A change of password.
    ChangePassword,
}

/// Why nobody signed in.
#[derive(Debug)]
pub(crate) enum SignInFailure {
    /// One answer for every reason.
    Refused,
    /// The check itself failed.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for SignInFailure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Where attempts of one name from one source queue up. A fixed number of places: two names that
/// share one only wait for each other.
#[derive(Debug)]
pub(crate) struct Turns([tokio::sync::Mutex<()>; 256]);

impl Default for Turns {
    fn default() -> Self {
        Self(std::array::from_fn(|_| tokio::sync::Mutex::new(())))
    }
}

impl Turns {
    async fn wait(&self, macs: &Macs) -> Result<tokio::sync::MutexGuard<'_, ()>, Error> {
        let busy = Error::Unavailable { retry_after_s: 2 };
        let source = macs.source.map_or(0, |mac| mac.first().copied().unwrap_or(0));
        let place = usize::from(macs.name.first().copied().unwrap_or(0) ^ source);
        let Some(turn) = self.0.get(place) else { return Err(busy) };
        tokio::time::timeout(crate::password::PATIENCE, turn.lock()).await.map_err(|_| busy)
    }
}

/// A name and a source as the counters know them.
#[derive(Clone, Copy)]
struct Macs {
    name: [u8; 32],
    source: Option<[u8; 32]>,
}

/// A name, looked up.
struct Found {
    macs: Macs,
    /// Whose audit log an attempt at this name belongs to.
    scope: Scope,
    /// The person's folded name within `place`.
    folded: String,
    /// Where to look for the person; `None`: there is no such place.
    place: Option<Scope>,
}

/// What the counting transaction learned.
struct Counted {
    attempt: Attempt,
    known: Option<(Person, PasswordRecord)>,
}

impl Service {
    /// The person whose password this is. `wanted` refuses persons who may not sign in here; they
    /// get the answer of a wrong password.
    pub(crate) async fn sign_in(
        &self,
        account: Account,
        password: &Secret,
        via: Via,
        wanted: impl Fn(&Person) -> bool + Send,
        context: &Context,
    ) -> Result<Person, SignInFailure> {
        let found = Arc::new(self.look_up(account, context).await?);
        let _in_line = self.sign_in_turns.wait(&found.macs).await?;
        let turn = self.passwords.turn().await?;
        let at = self.now().wall;
        let Counted { attempt, known } = self.count_attempt(&found, context, at).await?;
        if !attempt.allowed {
            self.note_failure(&found, known.map(|(p, _)| p), attempt, context, at).await?;
            return Err(SignInFailure::Refused);
        }
        // Whom an issuer outside signs in has no password here: as much work as for a name that is none.
        let record =
            known.as_ref().map(|(_, record)| record.expose()).filter(|text| !text.is_empty());
        let matched = self.passwords.check_in(turn, password, record).await?;
        let Match::Right { outdated } = matched else {
            self.note_failure(&found, known.map(|(p, _)| p), attempt, context, at).await?;
            return Err(SignInFailure::Refused);
        };
        let Some((person, record)) = known else { return Err(SignInFailure::Refused) };
        if !self.is_in_service(PrincipalId::Person(person.id)) || !wanted(&person) {
            self.note_failure(&found, Some(person), attempt, context, at).await?;
            return Err(SignInFailure::Refused);
        }
        let renewed = if outdated { Some(self.passwords.hash(password).await?) } else { None };
        self.take_back((found.macs, attempt), &person, record, renewed, at).await?;
        self.note_use(&person, via, context, at).await?;
        Ok(person)
    }

    /// Finds the place that a name speaks of. A tenant's id and its domains lead to one counter.
    async fn look_up(&self, account: Account, context: &Context) -> Result<Found, Error> {
        let (place, label, folded) = match &account {
            Account::Of(scope, user) => {
                (Some(*scope), scope.to_string(), person::fold_username(user))
            }
            Account::Named(text) => match account_name::parse(text) {
                Some(AccountName::Cluster(user)) => {
                    (Some(Scope::Cluster), Scope::Cluster.to_string(), person::fold_username(user))
                }
                Some(AccountName::OfTenant { tenant, user }) => {
                    let place = self.tenant_named(tenant).await?.map(Scope::Tenant);
                    let label = place.map_or_else(|| tenant.to_lowercase(), |p| p.to_string());
                    (place, label, person::fold_username(user))
                }
                None => (None, String::new(), text.clone()),
            },
        };
        let source = context
            .address
            .map(|a| self.attempt_mac("source", &[&crate::guard::network(Some(a)).to_string()]));
        let macs = Macs { name: self.attempt_mac("name", &[&label, &folded]), source };
        Ok(Found { macs, scope: place.unwrap_or(Scope::Cluster), folded, place })
    }

    /// The counter of a person's account.
    pub(super) fn account_mac(&self, person: &Person) -> [u8; 32] {
        let folded = person::fold_username(&person.username);
        self.attempt_mac("name", &[&person.scope.to_string(), &folded])
    }

    fn attempt_mac(&self, what: &str, parts: &[&str]) -> [u8; 32] {
        let parts: Vec<&[u8]> =
            std::iter::once(what).chain(parts.iter().copied()).map(str::as_bytes).collect();
        seal::mac(&self.attempts_key, &parts)
    }

    async fn count_attempt(
        &self,
        found: &Arc<Found>,
        context: &Context,
        at: Timestamp,
    ) -> Result<Counted, Error> {
        let found = Arc::clone(found);
        // Whoever sits at the machine itself cannot be locked out of the cluster's accounts from afar.
        let local = context.address.is_some_and(|a| a.to_canonical().is_loopback());
        let apart = local && found.place == Some(Scope::Cluster);
        let counted = self.store.record(move |b| {
            let Macs { name, source } = found.macs;
            let attempt = match source {
                Some(source) if apart => store::attempts::register_apart(b, name, source, at)?,
                source => store::attempts::register(b, name, source, at)?,
            };
            Ok::<_, store::Error>(Counted { attempt, known: known(b, &found)? })
        });
        Ok(counted.await?)
    }

    async fn take_back(
        &self,
        (macs, attempt): (Macs, Attempt),
        person: &Person,
        proven: PasswordRecord,
        renewed: Option<zeroize::Zeroizing<String>>,
        at: Timestamp,
    ) -> Result<(), Error> {
        let id = person.id;
        let renewed = renewed.map(|phc| PasswordRecord::new(phc.to_string()));
        let taken = self.store.record(move |b| {
            store::attempts::success(b, macs.name, macs.source, &attempt, at)?;
            if let Some(renewed) = &renewed {
                store::persons::rehash_password(b, id, &proven, renewed)?;
            }
            Ok::<_, store::Error>(())
        });
        Ok(taken.await?)
    }

    async fn note_failure(
        &self,
        found: &Found,
        person: Option<Person>,
        attempt: Attempt,
        context: &Context,
        at: Timestamp,
    ) -> Result<(), Error> {
        let topic = match attempt {
            Attempt { allowed: true, failures: 1, .. } => Topic::FirstFailure(found.scope),
            Attempt { began_lock: true, .. } => Topic::Lock(found.scope),
            Attempt { .. } => Topic::Failure(found.scope),
        };
        // What was typed is not repeated: people type passwords into the wrong field.
        let subject = person.map_or_else(|| "unknown".to_owned(), |p| p.id.to_string());
        let nobody = Actor { kind: ActorKind::Anonymous, name: String::new(), scope: found.scope };
        let origin = context.origin(nobody, at);
        let until = attempt.locked_until.map_or(Fact::Null, |until| Fact::Text(until.to_string()));
        let event =
            AuditEvent::new("person.sign_in_failed", found.scope, origin, ("person", subject))
                .detail(vec![
                    ("kind", Fact::Text(topic.name().to_owned())),
                    ("lockedUntil", until),
                ]);
        tracing::info!(request_id = context.request_id, kind = topic.name(), "a sign-in failed");
        self.note(topic, event).await
    }

    async fn note_use(
        &self,
        person: &Person,
        via: Via,
        context: &Context,
        at: Timestamp,
    ) -> Result<(), Error> {
        let who = Actor {
            kind: ActorKind::Principal(PrincipalId::Person(person.id)),
            name: person.username.clone(),
            scope: person.scope,
        };
        let (how, client) = match &via {
            Via::Client(client) => ("password grant", Fact::Text(client.clone())),
            Via::Browser(client) => ("browser", Fact::Text(client.clone())),
            Via::Console => ("console", Fact::Null),
            Via::Basic => ("basic", Fact::Null),
            Via::ChangePassword => ("change of password", Fact::Null),
        };
        let subject = ("person", person.id.to_string());
        let event =
            AuditEvent::new("person.sign_in", person.scope, context.origin(who, at), subject)
                .detail(vec![("by", Fact::Text(how.to_owned())), ("client", client)]);
        self.note(Topic::Use(person.id, via), event).await
    }
}

/// The person of that name, looked for in the same way whether or not there is such a place.
fn known(r: &mut Read, found: &Found) -> Result<Option<(Person, PasswordRecord)>, store::Error> {
    let nowhere = Scope::Tenant(TenantId(uuid::Uuid::nil()));
    let person =
        store::persons::find_by_username(r, found.place.unwrap_or(nowhere), &found.folded)?;
    Ok(person.filter(|_| found.place.is_some()))
}
