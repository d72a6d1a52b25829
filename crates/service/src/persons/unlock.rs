//! Lets somebody try again at once who was delayed after failed sign-ins.

use super::{
    account_name::{self, AccountName},
    granting,
};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::{AuditEvent, Fact},
    id::{PersonId, Scope},
    person::{Person, fold_username},
};
use store::Tx;

impl Service {
    /// Ends the delay of a person's account, from every source.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotAllowed`] also for a person who holds more than the caller.
    pub async fn unlock_person(&self, caller: &Caller, id: PersonId) -> Result<Person, Error> {
        let person = self.show_person(caller, id).await?;
        self.unlock(caller, person).await
    }

    /// The same for a person as they name themselves: with the tenant part, or without it at the
    /// cluster.
    ///
    /// # Errors
    /// As [`Self::unlock_person`].
    pub async fn unlock_person_named(&self, caller: &Caller, name: &str) -> Result<Person, Error> {
        caller.require_rights(granting::manage())?;
        let (scope, user) = match account_name::parse(name) {
            Some(AccountName::Cluster(user)) => (Scope::Cluster, user),
            Some(AccountName::OfTenant { tenant, user }) => {
                let tenant = self.tenant_named(tenant).await?.ok_or(Error::NotFound)?;
                (Scope::Tenant(tenant), user)
            }
            None => return Err(Error::NotFound),
        };
        let folded = fold_username(user);
        let find = move |r: &mut store::Read| store::persons::find_by_username(r, scope, &folded);
        let found = self.store.read(find).await?.filter(|(p, _)| caller.reaches(p.scope));
        let (person, _) = found.ok_or(Error::NotFound)?;
        self.unlock(caller, person).await
    }

    async fn unlock(&self, caller: &Caller, person: Person) -> Result<Person, Error> {
        let (caller, at) = (caller.clone(), self.now().wall);
        let (mac, id, scope) = (self.account_mac(&person), person.id, person.scope);
        self.store
            .write(move |tx: &mut Tx| {
                let person =
                    store::persons::find_for_update(tx, scope, id)?.ok_or(Error::NotFound)?;
                granting::check_holds_no_more(tx, &caller, &person)?;
                let had_failures = store::attempts::unlock(tx, mac)?;
                let subject = ("person", id.to_string());
                let event = AuditEvent::new("person.unlock", scope, caller.origin(at), subject)
                    .detail(vec![("hadFailures", Fact::Bool(had_failures))]);
                Ok(tx.commit(event, person)?)
            })
            .await
    }
}
