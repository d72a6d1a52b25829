//! A client in the words of this wire, read and written. The secret is read and never written.

use crate::{document::words, failure::Failure};
use domain::{
    client::{Client, Grant},
    id::TenantId,
    secret::Secret,
};
use serde::{Deserialize, Serialize};
use service::Error;
use utoipa::ToSchema;

/// What authorities of this wire come to, whatever they are called: what a service needs over its
/// contact centers.
const ROLE_OF_AUTHORITIES: &str = "service";
const INTERNAL: &str = "ROLE_INTERNAL_CLIENT";

/// A client as it comes in. Unknown members are let pass.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OpsClientData)]
pub(in super::super) struct ClientData {
    #[schema(value_type = Option<words::Name>)]
    pub(super) name: Option<String>,
    #[schema(max_length = 1000, pattern = "^[^\\x00]*$")]
    pub(super) description: Option<String>,
    #[schema(inline)]
    pub(super) client_type: Option<ClientType>,
    /// Life of a refresh token in seconds; 30 days where nothing is said.
    #[schema(minimum = 1, maximum = 31_536_000)]
    pub(super) refresh_token_expiration_timeout: Option<u32>,
    /// Life of an access token in seconds; 12 hours where nothing is said.
    #[schema(minimum = 1, maximum = 2_592_000)]
    pub(super) access_token_expiration_timeout: Option<u32>,
    /// Unique in the installation; it cannot change.
    #[serde(rename = "client_id")]
    #[schema(pattern = "^[ -~]{1,255}$")]
    pub(super) client_id: Option<String>,
    /// Goes in and never comes out.
    #[serde(rename = "client_secret")]
    #[schema(pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]{0,255}$")]
    client_secret: Option<String>,
    /// Deployment scripts call it so.
    #[schema(pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]{0,255}$")]
    secret: Option<String>,
    /// Whatever they are called, they come to the role `service` over `contactCenterIds`; without
    /// those over the whole cluster.
    #[schema(max_items = 100)]
    pub(super) authorities: Option<Vec<String>>,
    /// Scopes that the client may be given; `*` where nothing is said.
    #[schema(max_items = 100)]
    pub(super) scope: Option<Vec<String>>,
    /// What other installations of this wire list and what does not exist here (`implicit`, token
    /// exchange, JWT bearer) is let pass and not given.
    authorized_grant_types: Option<Vec<String>>,
    /// Absolute addresses without a fragment, compared exactly.
    #[serde(rename = "redirectURIs")]
    #[schema(max_items = 100)]
    pub(super) redirect_uris: Option<Vec<String>>,
    /// The contact centers that the client is confined to.
    #[schema(value_type = Option<Vec<words::TenantId>>, max_items = 100)]
    contact_center_ids: Option<Vec<String>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(in super::super) enum ClientType {
    Confidential,
    Public,
}

impl ClientData {
    /// The secret under either of its names; given under both it must be one.
    pub(super) fn take_secret(&mut self) -> Result<Option<Secret>, Failure> {
        let (one, other) = (self.client_secret.take(), self.secret.take());
        let (one, other) = (one.map(Secret::new), other.map(Secret::new));
        match (one, other) {
            (Some(one), Some(other)) if !one.digest().same_as(&other.digest()) => {
                Err(Error::invalid("secret", "differs from client_secret").into())
            }
            (one, other) => Ok(one.or(other)),
        }
    }

    /// The grants that exist here. Those that other installations of this wire list and that do not
    /// exist here are let pass without being given; the answer shows what was.
    pub(super) fn grants(&self) -> Result<Option<Vec<Grant>>, Failure> {
        let Some(names) = &self.authorized_grant_types else { return Ok(None) };
        let mut grants: Vec<Grant> = Vec::new();
        for name in names {
            match Grant::parse(name) {
                Some(grant) if grants.contains(&grant) => {}
                Some(grant) => grants.push(grant),
                None if is_foreign_grant(name) => {}
                None => {
                    let detail = "each entry: authorization_code, client_credentials, password or refresh_token";
                    return Err(Error::invalid("grants", detail).into());
                }
            }
        }
        Ok(Some(grants))
    }

    pub(super) fn contact_centers(&self) -> Result<Option<Vec<TenantId>>, Failure> {
        let Some(ids) = &self.contact_center_ids else { return Ok(None) };
        let parsed: Result<Vec<TenantId>, _> = ids.iter().map(|id| TenantId::parse(id)).collect();
        parsed.map(Some).map_err(|_| {
            Error::invalid("contactCenters", "each entry: the id of a contact center").into()
        })
    }
}

/// The roles that authorities give.
pub(super) fn roles(authorities: &[String]) -> Vec<String> {
    if authorities.is_empty() { Vec::new() } else { vec![ROLE_OF_AUTHORITIES.to_owned()] }
}

/// Those that the client is confined to, or the one that it belongs to.
fn contact_centers_of(client: &Client) -> Vec<String> {
    let own = client.scope.tenant();
    own.iter().chain(&client.contact_centers).map(ToString::to_string).collect()
}

/// A client of a tenant shows its tenant here, and no list can take it away from it.
pub(super) fn check_place(client: &Client, named: Option<&[TenantId]>) -> Result<(), Error> {
    match (client.scope.tenant(), named) {
        (Some(own), Some(named)) if *named != [own] => Err(Error::invalid(
            "contactCenters",
            "the client belongs to one contact center; make another client",
        )),
        (Some(_) | None, _) => Ok(()),
    }
}

fn is_foreign_grant(name: &str) -> bool {
    matches!(
        name,
        "implicit"
            | "urn:ietf:params:oauth:grant-type:token-exchange"
            | "urn:ietf:params:oauth:grant-type:jwt-bearer"
    )
}

/// A client as it goes out.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OpsClient)]
pub(super) struct Shown<'a> {
    #[serde(rename = "client_id")]
    client_id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    description: Option<&'a str>,
    #[schema(inline)]
    client_type: ClientType,
    /// Whether the authority `ROLE_INTERNAL_CLIENT` is among its own.
    internal_client: bool,
    scope: &'a [String],
    authorized_grant_types: Vec<&'static str>,
    authorities: &'a [String],
    #[serde(rename = "redirectURIs")]
    redirect_uris: &'a [String],
    #[schema(value_type = Vec<words::TenantId>)]
    contact_center_ids: Vec<String>,
    access_token_expiration_timeout: u32,
    refresh_token_expiration_timeout: u32,
}

impl<'a> Shown<'a> {
    pub(super) fn of(client: &'a Client) -> Self {
        Self {
            client_id: &client.client_id,
            name: &client.name,
            description: client.description.as_deref(),
            client_type: if client.public { ClientType::Public } else { ClientType::Confidential },
            internal_client: client.authorities.iter().any(|a| a == INTERNAL),
            scope: &client.scopes,
            authorized_grant_types: client.grants.iter().map(|g| g.as_str()).collect(),
            authorities: &client.authorities,
            redirect_uris: &client.redirect_uris,
            contact_center_ids: contact_centers_of(client),
            access_token_expiration_timeout: client.access_life_s(false),
            refresh_token_expiration_timeout: client.refresh_ttl_s,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(json: &str) -> ClientData {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn grants_that_exist_elsewhere_are_let_pass_and_not_given() {
        let given =
            data(r#"{"authorizedGrantTypes":["implicit","password","password","refresh_token"]}"#);
        assert_eq!(given.grants().unwrap(), Some(vec![Grant::Password, Grant::RefreshToken]));
        assert!(data(r#"{"authorizedGrantTypes":["magic"]}"#).grants().is_err());
    }

    #[test]
    fn a_secret_has_two_names_and_one_value() {
        assert!(data("{}").take_secret().unwrap().is_none());
        assert_eq!(data(r#"{"secret":"a"}"#).take_secret().unwrap().unwrap().expose(), "a");
        assert!(data(r#"{"secret":"a","client_secret":"b"}"#).take_secret().is_err());
        assert!(data(r#"{"secret":"a","client_secret":"a"}"#).take_secret().is_ok());
    }

    #[test]
    fn authorities_give_the_role_of_a_service_and_nothing_more() {
        assert_eq!(roles(&["ROLE_INTERNAL_CLIENT".to_owned()]), ["service"]);
        assert!(roles(&[]).is_empty());
    }
}
