//! A person changes their password. The old one is the proof, token or not, and presenting it is a
//! sign-in attempt: whoever stole a token must not be able to guess it at leisure.

use super::{Account, SignInFailure, Via};
use crate::{
    Service,
    caller::{Caller, Context},
    error::Error,
};
use domain::{
    actor::{Actor, ActorKind, PrincipalId},
    audit::AuditEvent,
    person::Person,
    secret::Secret,
};
use std::sync::Arc;
use store::persons::PasswordRecord;

/// A change of password.
#[derive(Debug)]
pub struct ChangePassword {
    /// Whose, with the tenant part; left out: the caller's own.
    pub username: Option<String>,
    /// The password until now.
    pub old: Secret,
    /// The password from now on.
    pub new: Secret,
}

impl Service {
    /// Changes a password and ends every token and session of the person but the one that asked.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for every reason that lies in the name or the old password,
    /// [`Error::Invalid`] for a new password that does not do.
    pub async fn change_password(
        &self,
        caller: Option<&Caller>,
        change: ChangePassword,
        context: &Context,
    ) -> Result<(), Error> {
        self.replace_password(caller, change, context).await.map(drop)
    }

    /// The same; returns the person as they are then.
    pub(crate) async fn replace_password(
        &self,
        caller: Option<&Caller>,
        change: ChangePassword,
        context: &Context,
    ) -> Result<Person, Error> {
        self.check_source(context, self.now())?;
        let person = self.prove_old_password(caller, &change, context).await?;
        self.check_new_password(&person, &change).await?;
        let record = PasswordRecord::new(self.passwords.hash(&change.new).await?.to_string());
        let at = self.now().wall;
        let actor = Actor {
            kind: ActorKind::Principal(PrincipalId::Person(person.id)),
            name: person.username.clone(),
            scope: person.scope,
        };
        let changed =
            Person { must_change_password: false, version: person.version + 1, ..person.clone() };
        let event = AuditEvent::new(
            "person.change_password",
            person.scope,
            context.origin(actor, at),
            ("person", person.id.to_string()),
        )
        .before(person.facts())
        .after(changed.facts());
        let token = caller.and_then(|c| c.token.as_ref()).map(|t| t.family);
        let session = caller.and_then(|c| c.session).map(|s| s.id);
        let record = Arc::new(record);
        self.store
            .write_urgent(move |tx| {
                store::persons::set_password(tx, changed.id, &record, false, changed.version)?;
                let owner = PrincipalId::Person(changed.id);
                match (token, session) {
                    (Some(family), _) => store::tokens::revoke_others(tx, owner, family, at)?,
                    (None, Some(kept)) => {
                        store::tokens::revoke_all_but_session(tx, owner, kept, at)?
                    }
                    (None, None) => store::tokens::revoke_by_principal(tx, owner, at)?,
                };
                tx.commit(event.clone(), changed.clone()).map_err(Error::from)
            })
            .await
    }

    async fn prove_old_password(
        &self,
        caller: Option<&Caller>,
        change: &ChangePassword,
        context: &Context,
    ) -> Result<Person, Error> {
        let account = match (&change.username, caller) {
            (Some(name), _) => Account::Named(name.clone()),
            (None, Some(caller)) => {
                Account::Of(caller.scope(), caller.principal.name().to_string())
            }
            (None, None) => {
                return Err(Error::invalid("userName", "name the person, or present a token"));
            }
        };
        let own = caller.map(|c| c.principal.id);
        let wanted = move |p: &Person| own.is_none_or(|own| own == PrincipalId::Person(p.id));
        self.sign_in(account, &change.old, Via::ChangePassword, wanted, context).await.map_err(
            |failure| match failure {
                SignInFailure::Refused => Error::NotAllowed { right: None },
                SignInFailure::Failed(error) => error,
            },
        )
    }

    async fn check_new_password(
        &self,
        person: &Person,
        change: &ChangePassword,
    ) -> Result<(), Error> {
        self.check_password("newPassword", &change.new, person.scope, &person.username).await?;
        if change.new.digest().same_as(&change.old.digest()) {
            return Err(Error::invalid(
                "newPassword",
                "the new password must differ from the old one",
            ));
        }
        Ok(())
    }
}
