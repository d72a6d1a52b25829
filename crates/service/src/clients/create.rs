//! Making a client.

use super::{WithSecret, granting, make_secret, manage, settings, subject};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::{AuditEvent, Fact},
    client::{Client, Grant},
    id::{ClientId, PersonId, Scope, TenantId},
    right::Rights,
    secret::Secret,
    time::Timestamp,
};
use store::{Read, Tx};

/// A client to make.
#[derive(Debug)]
pub struct CreateClient {
    /// The tenant it is bound to, or the cluster.
    pub scope: Scope,
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
    /// Whether a confidential client without one gets one.
    pub make_secret: bool,
    /// Grants.
    pub grants: Vec<Grant>,
    /// Scopes.
    pub scopes: Vec<String>,
    /// Scopes that a realm gives only where they are asked for.
    pub optional_scopes: Vec<String>,
    /// Whether a realm asks persons first.
    pub consent_required: bool,
    /// Whether it may ask for codes without a challenge.
    pub pkce_optional: bool,
    /// Whether its realm's access tokens say `at+jwt`.
    pub rfc9068: bool,
    /// Redirect addresses.
    pub redirect_uris: Vec<String>,
    /// Whether `authorization_code` may stand without one: a peer's scripts name the addresses later.
    pub addresses_later: bool,
    /// Roles of its service account.
    pub roles: Vec<String>,
    /// The tenants that it is confined to; none: the whole cluster.
    pub contact_centers: Vec<TenantId>,
    /// Authorities as the wire wrote them.
    pub authorities: Vec<String>,
    /// Life of an access token in seconds; `None`: what is usual where it is issued.
    pub access_ttl_s: Option<u32>,
    /// Life of a refresh token in seconds.
    pub refresh_ttl_s: u32,
    /// Whether it may be used.
    pub enabled: bool,
}

impl Service {
    /// Makes a client.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for whoever lacks the right or would give more than they hold,
    /// [`Error::NotFound`] for a tenant that does not exist or is out of reach, [`Error::Invalid`]
    /// for a confidential client without a secret, [`Error::Conflict`] when the `client_id` is taken.
    pub async fn create_client(
        &self,
        caller: &Caller,
        request: CreateClient,
    ) -> Result<WithSecret, Error> {
        caller.require(request.scope, manage())?;
        let at = self.now().wall;
        let given = request.secret.as_ref().filter(|s| !s.expose().is_empty());
        check_given(given, &request)?;
        let make = given.is_none() && !request.public;
        let made = make.then(|| make_secret(&self.entropy));
        let addresses_later = request.addresses_later;
        let id = ClientId(self.entropy.uuid());
        let sealed = given
            .or(made.as_ref())
            .map(|secret| self.seal_client_secret(id, secret))
            .transpose()?;
        let client = made_of(request, id, at);
        settings::check(&client)?;
        if !addresses_later {
            settings::check_way_back(&client)?;
        }
        let (asking, wanted) = (caller.clone(), client.clone());
        self.store.read(move |r| granting::check_grant(r, &asking, &wanted)).await?;
        let wide = client.scope == Scope::Cluster
            && client.contact_centers.is_empty()
            && !client.roles.is_empty();
        let event =
            AuditEvent::new("client.create", client.scope, caller.origin(at), subject(&client))
                .after(client.facts())
                .detail(vec![("clusterWide", Fact::Bool(wide))]);
        let (written, caller) = (client.clone(), caller.clone());
        self.store
            .write(move |tx: &mut Tx| {
                granting::check_grant(tx, &caller, &written)?;
                check_nobodys_id(tx, &written.client_id)?;
                store::clients::insert(tx, &written, sealed.as_ref())?;
                Ok::<_, Error>(tx.commit(event.clone(), ())?)
            })
            .await?;
        Ok(WithSecret { client, secret: made })
    }
}

fn check_given(given: Option<&Secret>, request: &CreateClient) -> Result<(), Error> {
    match (request.public, given) {
        (true, Some(_)) => Err(Error::invalid("secret", "a public client has none")),
        (false, None) if !request.make_secret => Err(Error::invalid(
            "secret",
            "a confidential client needs one; only a public client has none",
        )),
        (false, Some(secret)) => settings::check_secret(secret),
        (true | false, None) => Ok(()),
    }
}

fn made_of(request: CreateClient, id: ClientId, at: Timestamp) -> Client {
    Client {
        id,
        client_id: request.client_id,
        scope: request.scope,
        name: request.name,
        description: request.description,
        public: request.public,
        grants: request.grants,
        scopes: request.scopes,
        optional_scopes: request.optional_scopes,
        consent_required: request.consent_required,
        pkce_optional: request.pkce_optional,
        rfc9068: request.rfc9068,
        redirect_uris: request.redirect_uris,
        roles: request.roles,
        rights: Rights::NONE,
        contact_centers: request.contact_centers,
        authorities: request.authorities,
        access_ttl_s: request.access_ttl_s,
        refresh_ttl_s: request.refresh_ttl_s,
        enabled: request.enabled,
        created_at: at,
        version: 1,
    }
}

/// Refuses a `client_id` that is the id of a person or of another client: whoever reads the subject
/// of a token must not take one for the other (BC-09).
fn check_nobodys_id(r: &mut Read, client_id: &str) -> Result<(), Error> {
    let (person, client) = (PersonId::parse(client_id), ClientId::parse(client_id));
    let is_person = match person {
        Ok(id) => store::persons::is_id_of_one(r, id)?,
        Err(_) => false,
    };
    let is_client = match client {
        Ok(id) => store::clients::is_id_of_one(r, id)?,
        Err(_) => false,
    };
    if is_person || is_client {
        return Err(store::Error::Conflict("client_id").into());
    }
    Ok(())
}
