//! Realms: tenants that have a name in the addresses of `/realms`.

use super::claims::about;
use crate::{Service, caller::Caller, error::Error};
use domain::{
    actor::PrincipalId,
    id::{Scope, TenantId},
    person::Person,
};
use store::Read;

/// A realm.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Realm {
    /// The tenant behind it.
    pub tenant: TenantId,
    /// Its name in addresses.
    pub name: String,
    /// Its `iss`: the configured address and the realm's, never what a request says (MD-02).
    pub issuer: String,
    /// Whether it is in service.
    pub enabled: bool,
}

/// What a realm tells the bearer of a token about who it speaks for.
#[derive(Debug)]
pub struct RealmUserInfo {
    /// The id of the person or of the client's service account.
    pub subject: String,
    /// What clients of Keycloak call them.
    pub preferred_username: String,
    /// The person; `None`: it is a service account.
    pub person: Option<Person>,
    /// The scopes of the presented token.
    pub scope: Vec<String>,
}

impl RealmUserInfo {
    /// What the scopes of the token let be told, in the order of the wire.
    #[must_use]
    pub fn about(&self) -> Vec<(&'static str, serde_json::Value)> {
        let profile = self.person.as_ref().map(|person| &person.profile);
        about(&self.preferred_username, profile, |wanted| self.scope.iter().any(|s| s == wanted))
    }
}

impl Service {
    /// The realm of this name; `None`: there is none.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn find_realm(&self, name: &str) -> Result<Option<Realm>, Error> {
        if !domain::tenant::is_realm_name(name) {
            return Ok(None);
        }
        let wanted = name.to_owned();
        let found = self.store.read(move |r: &mut Read| store::tenants::find_by_realm(r, &wanted));
        let found = found.await.map_err(|e: store::Error| Error::from(e))?;
        Ok(found.map(|tenant| Realm {
            tenant: tenant.id,
            name: name.to_owned(),
            issuer: format!("{}/realms/{name}", self.settings.public_url),
            enabled: tenant.enabled,
        }))
    }

    /// Describes the bearer of a token to itself. `None`: the token is not of this realm.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn realm_user_info(
        &self,
        caller: &Caller,
        realm: &Realm,
    ) -> Result<Option<RealmUserInfo>, Error> {
        let Some(token) = &caller.token else { return Ok(None) };
        if caller.scope() != Scope::Tenant(realm.tenant) {
            return Ok(None);
        }
        let scope = token.scope.split_ascii_whitespace().map(str::to_owned).collect();
        let name = caller.principal.name();
        Ok(match caller.principal.id {
            PrincipalId::Client(id) => Some(RealmUserInfo {
                subject: id.to_string(),
                preferred_username: service_account(&name),
                person: None,
                scope,
            }),
            PrincipalId::Person(id) => {
                let found = self.store.read(move |r| store::persons::find_by_id(r, id)).await?;
                found.map(|person| RealmUserInfo {
                    subject: id.to_string(),
                    preferred_username: person.username.clone(),
                    person: Some(person),
                    scope,
                })
            }
        })
    }
}

impl Service {
    /// Whether pages of this origin may call a realm's endpoints: those that the tenant lists, and those
    /// that a client of the realm redirects to. The text is that of a browser's `Origin` and is compared
    /// as it is.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn realm_allows_origin(&self, realm: &Realm, origin: &str) -> Result<bool, Error> {
        let is_origin = domain::cors::WebOrigin::parse(origin).is_ok_and(|o| o.as_str() == origin);
        if !is_origin {
            return Ok(false);
        }
        if self.origins().allows(Some(realm.tenant), origin) {
            return Ok(true);
        }
        let (scope, origin) = (Scope::Tenant(realm.tenant), origin.to_owned());
        let found = self.store.read(move |r: &mut Read| {
            Ok::<_, store::Error>(
                store::clients::redirects_to(r, scope, &format!("{origin}/"))?
                    || store::clients::redirects_to(r, scope, &format!("{origin}\""))?,
            )
        });
        Ok(found.await?)
    }
}

/// The name of a client's service account.
pub(super) fn service_account(client_id: &str) -> String {
    format!("service-account-{}", client_id.to_lowercase())
}
