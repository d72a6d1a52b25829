//! Making a client.

use super::{settings, subject};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::{AuditEvent, Fact},
    client::{Client, Grant},
    id::{ClientId, Scope, TenantId},
    right::Rights,
    secret::Secret,
};

/// A client to make.
#[derive(Debug)]
pub struct CreateClient {
    /// The id that callers present.
    pub client_id: String,
    /// The name shown.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it is public, on purpose: then it has no secret.
    pub public: bool,
    /// Its secret.
    pub secret: Option<Secret>,
    /// Grants.
    pub grants: Vec<Grant>,
    /// Scopes.
    pub scopes: Vec<String>,
    /// Redirect addresses.
    pub redirect_uris: Vec<String>,
    /// Roles of its service account.
    pub roles: Vec<String>,
    /// The tenants that it is confined to; none: the whole cluster.
    pub contact_centers: Vec<TenantId>,
    /// Authorities as the wire wrote them.
    pub authorities: Vec<String>,
    /// Life of an access token in seconds.
    pub access_ttl_s: u32,
    /// Life of a refresh token in seconds.
    pub refresh_ttl_s: u32,
}

impl Service {
    /// Makes a client.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for whoever lacks the right or would give more than they hold,
    /// [`Error::Invalid`] for a confidential client without a secret,
    /// [`Error::Conflict`] when the `client_id` is taken.
    pub async fn create_client(
        &self,
        caller: &Caller,
        request: CreateClient,
    ) -> Result<Client, Error> {
        Self::require_client_admin(caller)?;
        let at = self.now().wall;
        let CreateClient { secret, .. } = &request;
        let given = secret.as_ref().filter(|s| !s.expose().is_empty());
        match (request.public, given) {
            (true, Some(_)) => {
                return Err(Error::invalid("clientSecret", "a public client has none"));
            }
            (false, None) => {
                return Err(Error::invalid(
                    "clientSecret",
                    "a confidential client needs one; only a public client has none",
                ));
            }
            (false, Some(secret)) => settings::check_secret(secret)?,
            (true, None) => {}
        }
        let id = ClientId(self.entropy.uuid());
        let sealed = given.map(|secret| self.seal_client_secret(id, secret)).transpose()?;
        let client = Client {
            id,
            client_id: request.client_id,
            scope: Scope::Cluster,
            name: request.name,
            description: request.description,
            public: request.public,
            grants: request.grants,
            scopes: request.scopes,
            redirect_uris: request.redirect_uris,
            roles: request.roles,
            rights: Rights::NONE,
            contact_centers: request.contact_centers,
            authorities: request.authorities,
            access_ttl_s: request.access_ttl_s,
            refresh_ttl_s: request.refresh_ttl_s,
            enabled: true,
            created_at: at,
            version: 1,
        };
        settings::check(&client)?;
        self.check_grant(caller, &client).await?;
        let wide = client.contact_centers.is_empty() && !client.roles.is_empty();
        let event =
            AuditEvent::new("client.create", Scope::Cluster, caller.origin(at), subject(&client))
                .after(client.facts())
                .detail(vec![("clusterWide", Fact::Bool(wide))]);
        let written = client.clone();
        self.store
            .write(move |tx| {
                store::clients::insert(tx, &written, sealed.as_ref())?;
                tx.commit(event.clone(), ()).map_err(Error::from)
            })
            .await?;
        Ok(client)
    }
}
