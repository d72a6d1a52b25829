//! An administrator gives a person another password, chosen or made. Their tokens end.

use super::{WithPassword, granting};
use crate::{Service, caller::Caller, error::Error, password, unchanged::check_version};
use domain::{actor::PrincipalId, audit::AuditEvent, id::PersonId, person::Person, secret::Secret};
use std::sync::Arc;
use store::{Tx, persons::PasswordRecord};

/// Another password for a person.
#[derive(Debug)]
pub struct SetPassword {
    /// The password; `None`: one is made.
    pub password: Option<Secret>,
    /// Whether they are to choose another one at the next sign-in.
    pub must_change: bool,
    /// Only if the person is still this version.
    pub if_version: Option<u32>,
}

impl Service {
    /// Replaces a person's password and ends all of their tokens.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotAllowed`] also for a person who holds more than the caller;
    /// [`Error::Invalid`] for a password that does not do; [`Error::Conflict`] for oneself;
    /// [`Error::PreconditionFailed`] when the person was changed meanwhile.
    pub async fn set_person_password(
        &self,
        caller: &Caller,
        id: PersonId,
        set: SetPassword,
    ) -> Result<WithPassword, Error> {
        let found = self.show_person(caller, id).await?;
        caller.require_fresh(self.now().wall)?;
        if granting::is_self(caller, id) {
            let why = "one's own password is changed with the old one as the proof";
            return Err(Error::conflict("own_account", why));
        }
        if found.outside.is_some() {
            let why = "an issuer outside signs this person in: they have no password here";
            return Err(Error::conflict("outside", why));
        }
        let (scope, asking, person) = (found.scope, caller.clone(), found.clone());
        let held = move |r: &mut store::Read| granting::check_holds_no_more(r, &asking, &person);
        self.store.read(held).await?;
        if let Some(given) = &set.password {
            self.check_password("password", given, scope, &found.username).await?;
        }
        let made = set.password.is_none().then(|| password::generate(&self.entropy));
        let secret = set.password.as_ref().or(made.as_ref()).ok_or(Error::NotFound)?;
        let record = Arc::new(PasswordRecord::new(self.passwords.hash(secret).await?.to_string()));
        let (caller, at) = (caller.clone(), self.now().wall);
        let SetPassword { must_change, if_version, .. } = set;
        let person = self
            .store
            .write_urgent(move |tx: &mut Tx| {
                let before =
                    store::persons::find_for_update(tx, scope, id)?.ok_or(Error::NotFound)?;
                check_version(if_version, before.version)?;
                granting::check_holds_no_more(tx, &caller, &before)?;
                let after = Person {
                    must_change_password: must_change,
                    version: before.version.saturating_add(1),
                    ..before.clone()
                };
                store::persons::set_password(tx, id, &record, must_change, after.version)?;
                store::tokens::revoke_by_principal(tx, PrincipalId::Person(id), at)?;
                let subject = ("person", id.to_string());
                let event =
                    AuditEvent::new("person.set_password", scope, caller.origin(at), subject)
                        .before(before.facts())
                        .after(after.facts());
                Ok::<_, Error>(tx.commit(event, after)?)
            })
            .await?;
        Ok(WithPassword { person, password: made })
    }
}
