//! Changing a client: what is left out stays.

use super::{settings, subject};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::{AuditEvent, Fact},
    client::{Client, Grant},
    id::{Scope, TenantId},
    secret::Secret,
};

/// What to change.
#[derive(Debug, Default)]
pub struct UpdateClient {
    /// The name shown.
    pub name: Option<String>,
    /// What it is for; `Some(None)` takes it away.
    pub description: Option<Option<String>>,
    /// Whether it is public; it cannot change, and saying what is stored is no change.
    pub public: Option<bool>,
    /// A new secret.
    pub secret: Option<Secret>,
    /// Grants.
    pub grants: Option<Vec<Grant>>,
    /// Scopes.
    pub scopes: Option<Vec<String>>,
    /// Redirect addresses.
    pub redirect_uris: Option<Vec<String>>,
    /// Roles of its service account.
    pub roles: Option<Vec<String>>,
    /// The tenants that it is confined to.
    pub contact_centers: Option<Vec<TenantId>>,
    /// Authorities as the wire wrote them.
    pub authorities: Option<Vec<String>>,
    /// Life of an access token in seconds, for tokens to come.
    pub access_ttl_s: Option<u32>,
    /// Life of a refresh token in seconds, for sign-ins to come.
    pub refresh_ttl_s: Option<u32>,
}

impl Service {
    /// Changes a client.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotAllowed`] for whoever would give more than they hold or
    /// change a client that holds more; [`Error::Invalid`] for what cannot stand in a client.
    pub async fn update_client(
        &self,
        caller: &Caller,
        client_id: &str,
        change: UpdateClient,
    ) -> Result<Client, Error> {
        let before = self.show_client(caller, client_id).await?;
        self.check_holds_no_more(caller, &before).await?;
        let secret =
            change.secret.as_ref().map(|s| settings::check_secret(s).map(|()| s)).transpose()?;
        if secret.is_some() && before.public {
            return Err(Error::invalid("clientSecret", "a public client has none"));
        }
        if change.public.is_some_and(|public| public != before.public) {
            return Err(Error::invalid(
                "clientType",
                "the type of a client cannot change; make another client",
            ));
        }
        if let (Some(tenant), Some(wanted)) = (before.scope.tenant(), &change.contact_centers)
            && *wanted != [tenant]
        {
            let why = "the client belongs to one contact center; make another client";
            return Err(Error::invalid("contactCenters", why));
        }
        let sealed = secret.map(|secret| self.seal_client_secret(before.id, secret)).transpose()?;
        let after = changed(before.clone(), change);
        settings::check(&after)?;
        self.check_grant(caller, &after).await?;
        let wide = after.contact_centers.is_empty() && !after.roles.is_empty();
        let event = AuditEvent::new(
            "client.update",
            after.scope,
            caller.origin(self.now().wall),
            subject(&after),
        )
        .before(before.facts())
        .after(after.facts())
        .detail(vec![
            ("newSecret", Fact::Bool(sealed.is_some())),
            ("clusterWide", Fact::Bool(wide)),
        ]);
        let written = after.clone();
        self.store
            .write(move |tx| {
                store::clients::update(tx, &written, sealed.as_ref().map(Some))?;
                tx.commit(event.clone(), ()).map_err(Error::from)
            })
            .await?;
        Ok(after)
    }
}

fn changed(client: Client, change: UpdateClient) -> Client {
    Client {
        name: change.name.unwrap_or(client.name),
        description: change.description.unwrap_or(client.description),
        grants: change.grants.unwrap_or(client.grants),
        scopes: change.scopes.unwrap_or(client.scopes),
        redirect_uris: change.redirect_uris.unwrap_or(client.redirect_uris),
        roles: change.roles.unwrap_or(client.roles),
        // A client of a tenant is confined to it by where it belongs.
        contact_centers: match client.scope {
            Scope::Tenant(_) => client.contact_centers,
            Scope::Cluster => change.contact_centers.unwrap_or(client.contact_centers),
        },
        authorities: change.authorities.unwrap_or(client.authorities),
        access_ttl_s: change.access_ttl_s.unwrap_or(client.access_ttl_s),
        refresh_ttl_s: change.refresh_ttl_s.unwrap_or(client.refresh_ttl_s),
        version: client.version + 1,
        ..client
    }
}
