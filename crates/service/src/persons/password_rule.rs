//! The rule of passwords with the words that everybody around a person knows.

use crate::{Service, error::Error, password};
use domain::{id::Scope, secret::Secret};

impl Service {
    /// Checks a password that somebody chose for a person of this name.
    ///
    /// # Errors
    /// [`Error::Invalid`] on `field`, saying what to do.
    pub(super) async fn check_password(
        &self,
        field: &'static str,
        password: &Secret,
        scope: Scope,
        username: &str,
    ) -> Result<(), Error> {
        let tenant = match scope {
            Scope::Cluster => None,
            Scope::Tenant(id) => {
                self.store.read(move |r| store::tenants::find_by_id(r, id)).await?
            }
        };
        let mut words: Vec<&str> = vec![username];
        if let Some(tenant) = &tenant {
            words.push(&tenant.name);
            words.extend(tenant.domains.iter().map(String::as_str));
        }
        password::check_new(field, password, &words)
    }
}
