//! Making a person.

use super::{WithPassword, granting};
use crate::{Service, caller::Caller, error::Error, password};
use domain::{
    audit::AuditEvent,
    id::{PersonId, Scope},
    person::{Person, Profile, is_username},
    secret::Secret,
};
use std::sync::Arc;
use store::{Tx, persons::PasswordRecord};

/// A person to make.
#[derive(Debug)]
pub struct CreatePerson {
    /// The tenant, or the cluster.
    pub scope: Scope,
    /// The user name.
    pub username: String,
    /// Names of roles.
    pub roles: Vec<String>,
    /// Whether they may sign in.
    pub enabled: bool,
    /// The password; `None`: one is made.
    pub password: Option<Secret>,
    /// Whether they are to choose another one at the first sign-in.
    pub must_change_password: bool,
    /// What else is known of them.
    pub profile: Profile,
}

impl Service {
    /// Makes a person.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for whoever lacks the right or would give more than they hold,
    /// [`Error::NotFound`] for a tenant that does not exist or is out of reach, [`Error::Invalid`]
    /// for a name, role or password that does not do, [`Error::Conflict`] when the name is taken.
    pub async fn create_person(
        &self,
        caller: &Caller,
        wanted: CreatePerson,
    ) -> Result<WithPassword, Error> {
        caller.require(wanted.scope, granting::manage())?;
        if !is_username(&wanted.username) {
            return Err(Error::invalid(
                "username",
                "1 to 255 characters, no control character, no backslash, no space at either end",
            ));
        }
        super::profile::check(&wanted.profile)?;
        let (scope, tenant) = (wanted.scope, wanted.scope.tenant());
        let roles = granting::distinct(wanted.roles);
        let (asking, names) = (caller.clone(), roles.clone());
        let check = move |r: &mut store::Read| {
            if let Some(id) = tenant {
                store::tenants::find_by_id(r, id)?.ok_or(Error::NotFound)?;
            }
            granting::check_roles(r, &asking, scope, &names)
        };
        self.store.read(check.clone()).await?;
        if let Some(given) = &wanted.password {
            self.check_password("password", given, scope, &wanted.username).await?;
        }
        let made = wanted.password.is_none().then(|| password::generate(&self.entropy));
        let secret = wanted.password.as_ref().or(made.as_ref()).ok_or(Error::NotFound)?;
        let record = Arc::new(PasswordRecord::new(self.passwords.hash(secret).await?.to_string()));
        let at = self.now().wall;
        let person = Person {
            id: PersonId(self.entropy.uuid()),
            scope,
            username: wanted.username,
            roles,
            enabled: wanted.enabled,
            must_change_password: wanted.must_change_password,
            profile: wanted.profile,
            outside: None,
            created_at: at,
            version: 1,
        };
        let subject = ("person", person.id.to_string());
        let event = AuditEvent::new("person.create", scope, caller.origin(at), subject)
            .after(person.facts());
        let written = person.clone();
        self.store
            .write(move |tx: &mut Tx| {
                // Again, where nothing moves any more.
                check.clone()(tx)?;
                store::persons::insert(tx, &written, &record)?;
                Ok::<_, Error>(tx.commit(event.clone(), ())?)
            })
            .await?;
        Ok(WithPassword { person, password: made })
    }
}
