//! Who somebody is whom an issuer signs in: (issuer, `sub`), never an e-mail address or a name. The first
//! time makes the person; they hold what the issuer's map gives them, and what they are given here.

use super::verify::Said;
use crate::{
    Service,
    caller::Context,
    error::Error,
    unchanged::{Stopped, settled},
};
use domain::{
    actor::{Actor, ActorKind},
    audit::AuditEvent,
    id::PersonId,
    issuer::Issuer,
    person::{OutsideIdentity, Person, Profile, fold_username, is_username},
    secret::SecretDigest,
};
use store::{Read, Tx, persons::PasswordRecord};

/// How often a new person is tried: another node may make the same one, or take a name.
const TRIES: usize = 4;

impl Service {
    /// The person of whom the issuer speaks: made, or as it says they are now.
    pub(super) async fn outside_person(
        &self,
        issuer: &Issuer,
        said: Said,
        context: &Context,
    ) -> Result<Person, Error> {
        for _ in 0..TRIES {
            let (scope, iss, sub) = (issuer.scope, issuer.issuer.clone(), said.subject.clone());
            let find = move |r: &mut Read| store::persons::find_by_subject(r, scope, &iss, &sub);
            if let Some(person) = self.store.read(find).await? {
                return self.follow(issuer, person, &said, context).await;
            }
            match self.make_person(issuer, &said, context).await {
                Err(Error::Conflict { .. }) => {}
                done => return done,
            }
        }
        Err(Error::Unavailable { retry_after_s: 1 })
    }

    async fn make_person(
        &self,
        issuer: &Issuer,
        said: &Said,
        context: &Context,
    ) -> Result<Person, Error> {
        let issued_at = said.issued_at;
        let (issuer, said) = (issuer.clone(), said.clone());
        let (id, at) = (PersonId(self.entropy.uuid()), self.now().wall);
        let origin = context.origin(actor(&issuer), at);
        let person = self
            .store
            .write(move |tx: &mut Tx| {
                let person = Person {
                    id,
                    scope: issuer.scope,
                    username: free_name(tx, &issuer, &said)?,
                    roles: Vec::new(),
                    enabled: true,
                    must_change_password: false,
                    profile: profile(Profile::default(), &said),
                    outside: Some(OutsideIdentity {
                        issuer: issuer.issuer.clone(),
                        subject: said.subject.clone(),
                        mapped_roles: mapped(tx, &issuer, &said)?,
                    }),
                    created_at: at,
                    version: 1,
                };
                store::persons::insert(tx, &person, &PasswordRecord::new(String::new()))?;
                let subject = ("person", id.to_string());
                let event = AuditEvent::new("person.create", issuer.scope, origin.clone(), subject);
                Ok::<_, Error>(tx.commit(event.after(person.facts()), person)?)
            })
            .await?;
        self.issuers.is_latest_word(person.id, issued_at);
        Ok(person)
    }

    /// Makes of a person what the issuer says of them now.
    async fn follow(
        &self,
        issuer: &Issuer,
        person: Person,
        said: &Said,
        context: &Context,
    ) -> Result<Person, Error> {
        if !self.issuers.is_latest_word(person.id, said.issued_at) {
            return Ok(person);
        }
        let (issuer, said) = (issuer.clone(), said.clone());
        let found = person.clone();
        let wanted = {
            let (issuer, said) = (issuer.clone(), said.clone());
            self.store
                .read(move |r| Ok::<_, Error>(changed(&found, &said, mapped(r, &issuer, &said)?)))
        };
        if wanted.await? == person {
            return Ok(person);
        }
        let origin = context.origin(actor(&issuer), self.now().wall);
        let write = move |tx: &mut Tx| {
            let before = store::persons::find_for_update(tx, person.scope, person.id)?;
            let before = before.ok_or(Error::Unauthenticated)?;
            let after = changed(&before, &said, mapped(tx, &issuer, &said)?);
            if after == before {
                return Err(Stopped::Unchanged(Box::new(before)));
            }
            let after = Person { version: before.version.saturating_add(1), ..after };
            store::persons::update(tx, &after)?;
            let subject = ("person", after.id.to_string());
            let event = AuditEvent::new("person.update", after.scope, origin.clone(), subject);
            Ok(tx.commit(event.before(before.facts()).after(after.facts()), after)?)
        };
        settled(self.store.write(write).await)
    }
}

/// The person as the issuer says they are, but for the version.
fn changed(before: &Person, said: &Said, mapped_roles: Vec<String>) -> Person {
    let outside = before.outside.clone().map(|outside| OutsideIdentity { mapped_roles, ..outside });
    Person { profile: profile(before.profile.clone(), said), outside, ..before.clone() }
}

/// What is not said stays: not every token tells all.
fn profile(before: Profile, said: &Said) -> Profile {
    Profile {
        email: said.email.clone().or(before.email),
        given_name: said.given_name.clone().or(before.given_name),
        family_name: said.family_name.clone().or(before.family_name),
    }
}

/// The roles of the map that exist where the issuer belongs; none of the cluster for a tenant's.
fn mapped(r: &mut Read, issuer: &Issuer, said: &Said) -> Result<Vec<String>, store::Error> {
    let mut wanted = issuer.roles_of(&said.roles);
    if !wanted.is_empty() {
        let roles = store::roles::list(r, issuer.scope)?;
        let of_tenant = issuer.scope.tenant().is_some();
        wanted.retain(|name| {
            roles.iter().any(|role| role.name == *name && !(of_tenant && role.cluster_only))
        });
    }
    Ok(wanted)
}

/// A user name that nobody has: what the issuer calls them, with the issuer's name where somebody of
/// that name is here already, and at last one that is theirs alone.
fn free_name(r: &mut Read, issuer: &Issuer, said: &Said) -> Result<String, store::Error> {
    let digest = SecretDigest::of(&format!("{} {}", issuer.issuer, said.subject));
    let own: String = digest.as_bytes().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let called = said.username.as_deref().map(str::trim);
    let named = called.map(|name| format!("{name}@{}", issuer.name));
    for name in called.map(str::to_owned).into_iter().chain(named) {
        if is_username(&name)
            && !store::persons::is_username_taken(r, issuer.scope, &fold_username(&name))?
        {
            return Ok(name);
        }
    }
    Ok(format!("{}:{own}", issuer.name))
}

/// Who changes a person by an issuer's word.
fn actor(issuer: &Issuer) -> Actor {
    let name = format!("issuer:{}", issuer.name);
    Actor { kind: ActorKind::System, name, scope: issuer.scope }
}
