//! Changing a person: what is not named stays as it is.

use super::{UpdateProfile, granting, profile};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    unchanged::{Stopped, check_version, settled},
};
use domain::{actor::PrincipalId, audit::AuditEvent, id::PersonId, person::Person};
use store::Tx;

/// What shall change.
#[derive(Clone, Debug, Default)]
pub struct UpdatePerson {
    /// Names of roles: all that they hold from then on. Other ones than before end their sessions: with other
    /// rights a browser presents another session.
    pub roles: Option<Vec<String>>,
    /// Whether they may sign in; switched off, their tokens end.
    pub enabled: Option<bool>,
    /// Whether they are to choose another password at the next sign-in.
    pub must_change_password: Option<bool>,
    /// What else is known of them.
    pub profile: UpdateProfile,
    /// Only if the person is still this version.
    pub if_version: Option<u32>,
}

impl Service {
    /// Changes a person and returns it as it is then. `agree` may compare what can never change with
    /// what the wire said of it, before anything else is judged.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotAllowed`] for whoever would give more than they hold or
    /// change a person who holds more; [`Error::Conflict`] for oneself, and for the last person who
    /// can manage the cluster; [`Error::PreconditionFailed`] when it was changed meanwhile.
    pub async fn update_person(
        &self,
        caller: &Caller,
        id: PersonId,
        update: UpdatePerson,
        agree: impl FnOnce(&Person) -> Result<(), Error>,
    ) -> Result<Person, Error> {
        let found = self.show_person(caller, id).await?;
        agree(&found)?;
        if update.enabled == Some(false) && granting::is_self(caller, id) {
            let why = "nobody disables themselves; another person with the right can";
            return Err(Error::conflict("own_account", why));
        }
        let (scope, ends) = (found.scope, update.enabled == Some(false));
        let urgent = ends || update.roles.is_some();
        let (caller, at) = (caller.clone(), self.now().wall);
        let write = move |tx: &mut Tx| {
            let was_kept = granting::cluster_is_kept(tx, scope)?;
            let before = store::persons::find_for_update(tx, scope, id)?.ok_or(Error::NotFound)?;
            check_version(update.if_version, before.version)?;
            granting::check_holds_no_more(tx, &caller, &before)?;
            if let Some(roles) = &update.roles {
                granting::check_roles(tx, &caller, scope, roles)?;
            }
            let after = changed(&before, &update);
            profile::check(&after.profile)?;
            if after == before {
                return Err(Stopped::Unchanged(Box::new(before)));
            }
            let after = Person { version: before.version.saturating_add(1), ..after };
            store::persons::update(tx, &after)?;
            granting::check_still_kept(tx, scope, was_kept)?;
            if ends {
                store::tokens::revoke_by_principal(tx, PrincipalId::Person(id), at)?;
            } else if !granting::are_same(&before.roles, &after.roles) {
                store::tokens::revoke_all_sessions(tx, id, at)?;
            }
            let subject = ("person", id.to_string());
            let event = AuditEvent::new("person.update", scope, caller.origin(at), subject)
                .before(before.facts())
                .after(after.facts());
            Ok(tx.commit(event, after)?)
        };
        settled(match urgent {
            // Whatever ends somebody's access goes before the other writes.
            true => self.store.write_urgent(write).await,
            false => self.store.write(write).await,
        })
    }
}

fn changed(before: &Person, update: &UpdatePerson) -> Person {
    let roles = update.roles.clone().map(granting::distinct);
    Person {
        roles: roles.unwrap_or_else(|| before.roles.clone()),
        enabled: update.enabled.unwrap_or(before.enabled),
        profile: update.profile.applied_to(&before.profile),
        must_change_password: update.must_change_password.unwrap_or(before.must_change_password),
        ..before.clone()
    }
}
