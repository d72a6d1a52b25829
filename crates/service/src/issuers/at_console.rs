//! Issuers outside, as far as the console's sign-in leads to them.

use crate::{Service, error::Error};
use domain::{
    id::{Scope, TenantId},
    person::Person,
};

impl Service {
    /// The tenant that somebody named by its id or a domain, and the issuers by which its persons sign in:
    /// their names, and what people read. A tenant that there is not has none, as has one without issuers.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn sign_in_issuers_of(
        &self,
        tenant: &str,
    ) -> Result<Option<(TenantId, Vec<(String, String)>)>, Error> {
        if !self.has_sign_in_issuers() {
            return Ok(None);
        }
        let Some(tenant) = self.tenant_named(tenant.trim()).await? else { return Ok(None) };
        let issuers = self.sign_in_issuers(tenant);
        Ok(Some((tenant, issuers)).filter(|(_, issuers)| !issuers.is_empty()))
    }

    /// Whether any tenant has an issuer by which its persons sign in.
    #[must_use]
    pub fn has_sign_in_issuers(&self) -> bool {
        let snapshot = self.issuers.current();
        snapshot.entries.iter().any(|entry| {
            let issuer = &entry.issuer;
            issuer.sign_in && issuer.enabled && matches!(issuer.scope, Scope::Tenant(_))
        })
    }

    /// By which issuer a person signs in, for whom Keyward has no password: its name, and what people read.
    pub(crate) fn issuer_of(&self, person: &Person) -> Option<(String, String)> {
        let outside = person.outside.as_ref()?;
        let snapshot = self.issuers.current();
        let found = snapshot.entries.iter().map(|entry| &entry.issuer).find(|issuer| {
            issuer.scope == person.scope && issuer.issuer == outside.issuer && issuer.sign_in
        });
        found.map(|issuer| (issuer.name.clone(), issuer.label.clone()))
    }
}
