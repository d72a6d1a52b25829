//! Changing a client: what is left out stays.

use super::{granting, settings, subject};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    unchanged::{Stopped, check_version, settled},
};
use domain::{
    audit::{AuditEvent, Fact, Origin},
    client::{Client, Grant},
    id::{ClientId, Scope, TenantId},
    secret::Secret,
};
use store::{Tx, clients::ClientSecret};

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
    /// Scopes that a realm gives only where they are asked for.
    pub optional_scopes: Option<Vec<String>>,
    /// Whether a realm asks persons first.
    pub consent_required: Option<bool>,
    /// Whether it may ask for codes without a challenge.
    pub pkce_optional: Option<bool>,
    /// Whether its realm's access tokens say `at+jwt`.
    pub rfc9068: Option<bool>,
    /// Redirect addresses.
    pub redirect_uris: Option<Vec<String>>,
    /// Whether `authorization_code` may stand without one: a peer's scripts name the addresses later.
    pub addresses_later: bool,
    /// Roles of its service account.
    pub roles: Option<Vec<String>>,
    /// The tenants that it is confined to.
    pub contact_centers: Option<Vec<TenantId>>,
    /// Authorities as the wire wrote them.
    pub authorities: Option<Vec<String>>,
    /// Life of an access token in seconds, for tokens to come.
    pub access_ttl_s: Option<Option<u32>>,
    /// Life of a refresh token in seconds, for sign-ins to come.
    pub refresh_ttl_s: Option<u32>,
    /// Whether it may be used; switched off, its tokens end.
    pub enabled: Option<bool>,
    /// Only if the client is still this version.
    pub if_version: Option<u32>,
}

impl Service {
    /// Changes a client and returns it as it is then. A secret that is new, and switching the client
    /// off, end its tokens. `agree` may compare what can never change with what the wire said of it,
    /// before anything else is judged.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotAllowed`] for whoever would give more than they hold or
    /// change a client that holds more; [`Error::Invalid`] for what cannot stand in a client;
    /// [`Error::PreconditionFailed`] when it was changed meanwhile.
    pub async fn update_client(
        &self,
        caller: &Caller,
        client_id: &str,
        mut change: UpdateClient,
        agree: impl FnOnce(&Client) -> Result<(), Error>,
    ) -> Result<Client, Error> {
        let (found, held) = self.find_client(caller, client_id).await?;
        agree(&found)?;
        check_fixed(&found, &change)?;
        let sealed = match change.secret.take() {
            // Scripts send the same secret again and again; that replaces nothing.
            Some(given) if self.is_secret_of(found.id, held.as_ref(), &given) => None,
            Some(given) => {
                caller.require_fresh(self.now().wall)?;
                Some(self.seal_client_secret(found.id, &given)?)
            }
            None => None,
        };
        let (caller, at) = (caller.clone(), self.now().wall);
        let ends = sealed.is_some() || change.enabled == Some(false);
        let write = move |tx: &mut Tx| {
            let before = store::clients::find_for_update(tx, found.scope, found.id)?
                .ok_or(Error::NotFound)?;
            check_version(change.if_version, before.version)?;
            granting::check_holds_no_more(tx, &caller, &before)?;
            let after = changed(before.clone(), &change);
            settings::check(&after)?;
            let was = (&before.grants, &before.redirect_uris);
            if !change.addresses_later && was != (&after.grants, &after.redirect_uris) {
                settings::check_way_back(&after)?;
            }
            granting::check_grant(tx, &caller, &after)?;
            if after == before && sealed.is_none() {
                return Err(Stopped::Unchanged(Box::new(before)));
            }
            let after = Client { version: before.version.saturating_add(1), ..after };
            store::clients::update(tx, &after, sealed.as_ref().map(Some))?;
            if ends {
                store::tokens::revoke_by_client(tx, after.id, at)?;
            }
            let origin = caller.origin(at);
            let event = event(origin, &before, &after, sealed.is_some());
            Ok(tx.commit(event, after)?)
        };
        settled(match ends {
            // Whatever ends tokens goes before the other writes.
            true => self.store.write_urgent(write).await,
            false => self.store.write(write).await,
        })
    }

    fn is_secret_of(&self, id: ClientId, held: Option<&ClientSecret>, given: &Secret) -> bool {
        let held = held.and_then(|held| {
            self.keyring.open_client_digest(id, held.generation, &held.sealed_digest)
        });
        held.is_some_and(|digest| digest.same_as(&given.digest()))
    }
}

/// Checks what cannot change, and a new secret.
fn check_fixed(client: &Client, change: &UpdateClient) -> Result<(), Error> {
    if let Some(secret) = &change.secret {
        settings::check_secret(secret)?;
        if client.public {
            return Err(Error::invalid("secret", "a public client has none"));
        }
    }
    if change.public.is_some_and(|public| public != client.public) {
        let why = "the type of a client cannot change; make another client";
        return Err(Error::invalid("public", why));
    }
    if let (Some(tenant), Some(wanted)) = (client.scope.tenant(), &change.contact_centers)
        && !wanted.is_empty()
        && *wanted != [tenant]
    {
        let why = "a client of a tenant is confined to it by where it belongs";
        return Err(Error::invalid("contactCenters", why));
    }
    Ok(())
}

fn event(origin: Origin, before: &Client, after: &Client, new_secret: bool) -> AuditEvent {
    let wide = after.contact_centers.is_empty() && !after.roles.is_empty();
    AuditEvent::new("client.update", after.scope, origin, subject(after))
        .before(before.facts())
        .after(after.facts())
        .detail(vec![
            ("newSecret", Fact::Bool(new_secret)),
            ("clusterWide", Fact::Bool(wide && after.scope == Scope::Cluster)),
        ])
}

fn changed(client: Client, change: &UpdateClient) -> Client {
    Client {
        name: change.name.clone().unwrap_or(client.name),
        description: change.description.clone().unwrap_or(client.description),
        grants: change.grants.clone().unwrap_or(client.grants),
        scopes: change.scopes.clone().unwrap_or(client.scopes),
        optional_scopes: change.optional_scopes.clone().unwrap_or(client.optional_scopes),
        consent_required: change.consent_required.unwrap_or(client.consent_required),
        pkce_optional: change.pkce_optional.unwrap_or(client.pkce_optional),
        rfc9068: change.rfc9068.unwrap_or(client.rfc9068),
        redirect_uris: change.redirect_uris.clone().unwrap_or(client.redirect_uris),
        roles: change.roles.clone().unwrap_or(client.roles),
        // A client of a tenant is confined to it by where it belongs.
        contact_centers: match client.scope {
            Scope::Tenant(_) => client.contact_centers,
            Scope::Cluster => change.contact_centers.clone().unwrap_or(client.contact_centers),
        },
        authorities: change.authorities.clone().unwrap_or(client.authorities),
        access_ttl_s: change.access_ttl_s.unwrap_or(client.access_ttl_s),
        refresh_ttl_s: change.refresh_ttl_s.unwrap_or(client.refresh_ttl_s),
        enabled: change.enabled.unwrap_or(client.enabled),
        ..client
    }
}
