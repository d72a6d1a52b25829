//! The way back in when nobody of the cluster can sign in any more: from the machine itself alone,
//! where whoever reads the data and the master key could do everything anyhow.

use super::WithPassword;
use crate::{Service, caller::Caller, error::Error, password};
use domain::{
    actor::PrincipalId,
    audit::AuditEvent,
    id::Scope,
    person::{Person, fold_username},
};
use std::sync::Arc;
use store::{Tx, persons::PasswordRecord};

impl Service {
    /// Gives a person of the cluster a new password that must be changed, enables and unlocks them,
    /// and ends their tokens.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for whoever is not at the machine itself, [`Error::NotFound`] for a name
    /// that nobody of the cluster has.
    pub async fn recover_person(
        &self,
        caller: &Caller,
        username: &str,
    ) -> Result<WithPassword, Error> {
        if !caller.local {
            return Err(Error::NotAllowed { right: None });
        }
        let folded = fold_username(username);
        let find =
            move |r: &mut store::Read| store::persons::find_by_username(r, Scope::Cluster, &folded);
        let (found, _) = self.store.read(find).await?.ok_or(Error::NotFound)?;
        let made = password::generate(&self.entropy);
        let record = Arc::new(PasswordRecord::new(self.passwords.hash(&made).await?.to_string()));
        let (caller, at) = (caller.clone(), self.now().wall);
        let (mac, id, scope) = (self.account_mac(&found), found.id, found.scope);
        let person = self
            .store
            .write_urgent(move |tx: &mut Tx| {
                let before =
                    store::persons::find_for_update(tx, scope, id)?.ok_or(Error::NotFound)?;
                let enabled =
                    Person { enabled: true, version: before.version + 1, ..before.clone() };
                store::persons::update(tx, &enabled)?;
                let after =
                    Person { must_change_password: true, version: enabled.version + 1, ..enabled };
                store::persons::set_password(tx, id, &record, true, after.version)?;
                store::tokens::revoke_by_principal(tx, PrincipalId::Person(id), at)?;
                store::attempts::unlock(tx, mac)?;
                let subject = ("person", id.to_string());
                let event = AuditEvent::new("person.recover", scope, caller.origin(at), subject)
                    .before(before.facts())
                    .after(after.facts());
                Ok::<_, Error>(tx.commit(event, after)?)
            })
            .await?;
        Ok(WithPassword { person, password: Some(made) })
    }
}
