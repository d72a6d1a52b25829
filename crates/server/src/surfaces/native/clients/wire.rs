//! A client on our own wire.

use crate::{
    answer::{self, Body},
    document::words,
    etag,
};
use domain::{
    client::{Client, Grant},
    id::TenantId,
    secret::Secret,
};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use service::{Error, clients::WithSecret};
use utoipa::ToSchema;

/// A client without its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Client)]
pub(super) struct ClientBody<'a> {
    /// Its own id, as the audit log names it.
    id: String,
    /// What it presents.
    client_id: &'a str,
    #[schema(value_type = words::Scope)]
    tenant: String,
    name: &'a str,
    description: Option<&'a str>,
    /// A public client has no secret and proves nothing.
    public: bool,
    #[schema(value_type = Vec<words::Grant>)]
    grants: Vec<&'static str>,
    scopes: &'a [String],
    /// Scopes that a realm gives it only where it asks for them.
    optional_scopes: &'a [String],
    /// Whether a realm asks the person who signs in to it first.
    consent_required: bool,
    /// Whether codes need a challenge (RFC 7636).
    #[schema(value_type = words::Pkce)]
    pkce: &'static str,
    /// What the header of its realm's access tokens says.
    #[schema(value_type = words::AccessTokenType)]
    access_token_type: &'static str,
    redirect_uris: &'a [String],
    /// Roles of its service account.
    roles: &'a [String],
    /// The tenants that a client of the cluster is confined to; none: it serves all.
    contact_centers: Vec<String>,
    /// Life of an access token; `null`: 600 in a realm, 43200 elsewhere.
    access_ttl_seconds: Option<u32>,
    refresh_ttl_seconds: u32,
    /// A disabled client gets no token, and its tokens are refused.
    enabled: bool,
    #[schema(value_type = words::Instant)]
    created: String,
    #[schema(value_type = words::Version)]
    version: u32,
}

/// A client with the secret that was made, where one was.
#[derive(Serialize, ToSchema)]
#[schema(as = ClientWithSecret)]
pub(super) struct Made<'a> {
    #[serde(flatten)]
    client: ClientBody<'a>,
    /// The secret, where it was made here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = words::Secret, required = false)]
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
            optional_scopes: &client.optional_scopes,
            consent_required: client.consent_required,
            pkce: if client.pkce_optional { "optional" } else { "required" },
            access_token_type: if client.rfc9068 { "at+jwt" } else { "JWT" },
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
    let body = Made { client: ClientBody::of(client), secret: secret.as_ref().map(Secret::expose) };
    etag::add(answer::json(status, &body), client.version)
}

/// Whether codes may go without a challenge.
pub(super) fn pkce(text: Option<&str>) -> Result<Option<bool>, Error> {
    one_of("pkce", text, ["required", "optional"])
}

/// Whether access tokens say `at+jwt`.
pub(super) fn access_token_type(text: Option<&str>) -> Result<Option<bool>, Error> {
    one_of("accessTokenType", text, ["JWT", "at+jwt"])
}

/// Which of two words it is: whether the second one.
fn one_of(
    member: &'static str,
    text: Option<&str>,
    words: [&'static str; 2],
) -> Result<Option<bool>, Error> {
    let [first, second] = words;
    match text {
        None => Ok(None),
        Some(text) if text == first => Ok(Some(false)),
        Some(text) if text == second => Ok(Some(true)),
        Some(_) => Err(Error::invalid(member, format!("must be `{first}` or `{second}`"))),
    }
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

/// A client in the documentation.
pub(super) fn example() -> Value {
    json!({
        "id": "5a8e1c70-2f4b-4d8e-9a63-7c1b0f2e9d54",
        "clientId": "billing",
        "tenant": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
        "name": "Billing",
        "description": null,
        "public": false,
        "grants": ["client_credentials"],
        "scopes": ["*"],
        "optionalScopes": [],
        "consentRequired": false,
        "pkce": "required",
        "accessTokenType": "JWT",
        "redirectUris": [],
        "roles": ["service"],
        "contactCenters": [],
        "accessTtlSeconds": null,
        "refreshTtlSeconds": 2_592_000,
        "enabled": true,
        "created": "2026-11-22T09:30:00.000Z",
        "version": 1,
    })
}

/// The same, where its secret is told.
pub(super) fn example_with_secret() -> Value {
    let mut example = example();
    if let Some(members) = example.as_object_mut() {
        let secret = "Zk3vQ8wN2dRu9fCtMbX4a7Eo1LsHyPgJ5iKxV6qTnWcD0rBm";
        members.insert("secret".to_owned(), secret.into());
    }
    example
}
