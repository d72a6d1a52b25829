//! What the first start makes: roles, tenants, persons, clients, the first deployment key.
//!
//! All of it commits in one transaction, so that a start that was cut off begins anew.
//!
//! `plan.rs` holds what may be asked for, `prepare.rs` turns it into rows, `write.rs` writes them.

mod plan;
mod prepare;
mod write;

pub use plan::{
    Bootstrap, Credential, FirstStart, NewClient, NewEnvironment, NewPerson, NewTenant,
};
pub(crate) use prepare::CREATOR;

use crate::{Service, error::Error};
use domain::{
    client::Client,
    id::Scope,
    key::Key,
    person::Person,
    right::Role,
    secret::SecretDigest,
    tenant::{Environment, Tenant},
};
use std::sync::Arc;
use store::{StoredSecret, clients::ClientSecret, persons::PasswordRecord};

/// Rows ready to be written, with the secrets already sealed and the passwords hashed.
struct Prepared {
    roles: Vec<Role>,
    environments: Vec<Environment>,
    tenants: Vec<Tenant>,
    persons: Vec<(Person, PasswordRecord)>,
    clients: Vec<(Client, Option<ClientSecret>)>,
    key: Option<(Key, StoredSecret, SecretDigest)>,
}
impl Service {
    /// Makes what the first start makes, unless it was made before.
    ///
    /// # Errors
    /// A value of the bootstrap configuration cannot be used, or the store is unavailable.
    pub(crate) async fn bootstrap(&self, mut plan: Bootstrap) -> Result<Option<FirstStart>, Error> {
        let made = self
            .store
            .read(|r| store::roles::list(r, Scope::Cluster).map(|roles| !roles.is_empty()))
            .await?;
        if made {
            return Ok(None);
        }
        let at = self.now().wall;
        let mut shown = FirstStart::default();
        plan.complete(self.entropy());
        let prepared = self.prepare(plan, at, &mut shown).await?;
        shown.tenant = prepared.tenants.first().cloned();
        self.write_prepared(Arc::new(prepared), at).await?;
        Ok(Some(shown))
    }
}
