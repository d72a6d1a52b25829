//! A client on our own wire.

use crate::{
    answer::{self, Body},
    etag,
};
use domain::{
    client::{Client, Grant},
    id::TenantId,
};
use http::{Response, StatusCode};
use serde::Serialize;
use service::{Error, clients::WithSecret};

/// A client without its secret.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientBody<'a> {
    id: String,
    client_id: &'a str,
    tenant: String,
    name: &'a str,
    description: Option<&'a str>,
    public: bool,
    grants: Vec<&'static str>,
    scopes: &'a [String],
    redirect_uris: &'a [String],
    roles: &'a [String],
    contact_centers: Vec<String>,
    access_ttl_seconds: u32,
    refresh_ttl_seconds: u32,
    enabled: bool,
    created: String,
    version: u32,
}

/// A client with the secret that was made, where one was.
#[derive(Serialize)]
struct Made<'a> {
    #[serde(flatten)]
    client: ClientBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
}

impl<'a> ClientBody<'a> {
    pub(super) fn of(client: &'a Client) -> Self {
        Self {
            id: client.id.to_string(),
            client_id: &client.client_id,
            tenant: client.scope.to_string(),
            name: &client.name,
            description: client.description.as_deref(),
            public: client.public,
            grants: client.grants.iter().map(|grant| grant.as_str()).collect(),
            scopes: &client.scopes,
            redirect_uris: &client.redirect_uris,
            roles: &client.roles,
            contact_centers: client.contact_centers.iter().map(ToString::to_string).collect(),
            access_ttl_seconds: client.access_ttl_s,
            refresh_ttl_seconds: client.refresh_ttl_s,
            enabled: client.enabled,
            created: client.created_at.to_string(),
            version: client.version,
        }
    }
}

/// A client as the answer, its version as the entity tag.
pub(super) fn shown(client: &Client) -> Response<Body> {
    etag::add(answer::json(StatusCode::OK, &ClientBody::of(client)), client.version)
}

/// The same with the secret that was made.
pub(super) fn with_secret(status: StatusCode, made: &WithSecret) -> Response<Body> {
    let WithSecret { client, secret } = made;
    let body = Made {
        client: ClientBody::of(client),
        secret: secret.as_ref().map(|secret| secret.expose()),
    };
    etag::add(answer::json(status, &body), client.version)
}

/// The grants of a body.
pub(super) fn grants(names: &[String]) -> Result<Vec<Grant>, Error> {
    let wanted =
        "each entry: `authorization_code`, `client_credentials`, `password` or `refresh_token`";
    let mut grants: Vec<Grant> = Vec::new();
    for name in names {
        let grant = Grant::parse(name).ok_or_else(|| Error::invalid("grants", wanted))?;
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    Ok(grants)
}

/// The tenants of a body.
pub(super) fn contact_centers(ids: &[String]) -> Result<Vec<TenantId>, Error> {
    let read = |id: &String| {
        TenantId::parse(id)
            .map_err(|_| Error::invalid("contactCenters", "each entry: the id of a tenant"))
    };
    ids.iter().map(read).collect()
}
