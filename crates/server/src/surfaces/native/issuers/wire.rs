//! An issuer on our own wire. The secret by which it knows us goes in and never comes out.

use crate::{
    answer::{self, Body},
    document::words,
    etag,
    failure::Failure,
};
use domain::{
    id::IssuerId,
    issuer::{Issuer, JwsAlgorithm, MappedRole, TokenType},
    policy::Source,
};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::Error;
use utoipa::ToSchema;

/// An issuer outside: an OpenID provider whose word about persons a tenant believes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Issuer)]
pub(super) struct IssuerBody<'a> {
    #[schema(value_type = words::IssuerId)]
    id: String,
    #[schema(value_type = words::Scope)]
    tenant: String,
    #[schema(value_type = words::RuleName)]
    name: &'a str,
    /// What people read on the sign-in page.
    label: &'a str,
    #[schema(value_type = words::IssuerAddress)]
    issuer: &'a str,
    /// The id under which it knows us.
    client_id: Option<&'a str>,
    /// Whether we prove ourselves to it by a secret.
    has_client_secret: bool,
    /// Scopes that a sign-in asks for.
    #[schema(value_type = Vec<words::TokenScope>)]
    scopes: &'a [String],
    /// Audiences of which a caller's token must name one.
    audiences: &'a [String],
    #[schema(value_type = Vec<words::IssuerTokenType>)]
    token_types: Vec<&'static str>,
    #[schema(value_type = Vec<words::IssuerAlgorithm>)]
    algorithms: Vec<&'static str>,
    /// The claim that names a person for people.
    username_claim: &'a str,
    /// Where in the claims roles stand, a path joined by dots.
    roles_claim: Option<&'a str>,
    /// Which value there becomes which role here; all others become nothing.
    role_map: Vec<MappedBody>,
    /// Whether it signs in to the realm.
    sign_in: bool,
    /// Whether its tokens are taken from callers of this API.
    callers: bool,
    /// A disabled issuer is believed nothing.
    enabled: bool,
    #[schema(value_type = words::RuleSource)]
    source: &'static str,
    /// `null` of what the configuration holds.
    #[schema(value_type = Option<words::Instant>)]
    created: Option<String>,
    /// Counts up with each change; 0 of what the configuration holds.
    version: u32,
}

/// A value of an issuer's claim and the role that it stands for.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MappedRole)]
pub(super) struct MappedBody {
    #[schema(min_length = 1, max_length = 255)]
    value: String,
    #[schema(value_type = words::RoleName)]
    role: String,
}

impl<'a> IssuerBody<'a> {
    pub(super) fn of(issuer: &'a Issuer) -> Self {
        let (source, created) = match issuer.source {
            Source::Configuration => ("configuration", None),
            Source::Stored { created_at, .. } => ("stored", Some(created_at.to_string())),
        };
        let mapped = |m: &MappedRole| MappedBody { value: m.value.clone(), role: m.role.clone() };
        Self {
            id: issuer.id.to_string(),
            tenant: issuer.scope.to_string(),
            name: &issuer.name,
            label: &issuer.label,
            issuer: &issuer.issuer,
            client_id: issuer.client_id.as_deref(),
            has_client_secret: issuer.has_secret,
            scopes: &issuer.scopes,
            audiences: &issuer.audiences,
            token_types: issuer.token_types.iter().map(|of| of.as_str()).collect(),
            algorithms: issuer.algorithms.iter().map(|of| of.as_str()).collect(),
            username_claim: &issuer.username_claim,
            roles_claim: issuer.roles_claim.as_deref(),
            role_map: issuer.role_map.iter().map(mapped).collect(),
            sign_in: issuer.sign_in,
            callers: issuer.callers,
            enabled: issuer.enabled,
            source,
            created,
            version: issuer.source.version(),
        }
    }
}

/// The id of a path; what is none is nobody's.
pub(super) fn id(text: &str) -> Result<IssuerId, Failure> {
    IssuerId::parse(text).map_err(|_| Failure::Service(Error::NotFound))
}

pub(super) fn token_types(texts: &[String]) -> Result<Vec<TokenType>, Error> {
    distinct(texts, TokenType::parse)
        .ok_or_else(|| Error::invalid("tokenTypes", "each entry: `at+jwt` or `JWT`"))
}

pub(super) fn algorithms(texts: &[String]) -> Result<Vec<JwsAlgorithm>, Error> {
    let known = "RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or EdDSA";
    distinct(texts, JwsAlgorithm::parse)
        .ok_or_else(|| Error::invalid("algorithms", format!("each entry: {known}")))
}

pub(super) fn role_map(bodies: Vec<MappedBody>) -> Vec<MappedRole> {
    let mapped = |body: MappedBody| MappedRole { value: body.value, role: body.role };
    bodies.into_iter().map(mapped).collect()
}

fn distinct<T: PartialEq>(texts: &[String], read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let mut words = Vec::with_capacity(texts.len());
    for text in texts {
        let word = read(text)?;
        if !words.contains(&word) {
            words.push(word);
        }
    }
    Some(words)
}

/// An issuer as the answer, its version as the entity tag.
pub(super) fn shown(status: StatusCode, issuer: &Issuer) -> Response<Body> {
    etag::add(answer::json(status, &IssuerBody::of(issuer)), issuer.source.version())
}

/// The id of the documentation.
pub(super) const ID: &str = "0b7f3a64-91d2-4c1e-8a55-2f6d0c9e7b13";

/// The issuer of the documentation.
pub(super) fn example() -> Value {
    json!({
        "id": ID,
        "tenant": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
        "name": "company",
        "label": "Company sign-in",
        "issuer": "https://sso.example.com/realms/staff",
        "clientId": "keyward",
        "hasClientSecret": true,
        "scopes": ["openid", "profile", "email"],
        "audiences": ["keyward-api"],
        "tokenTypes": ["JWT"],
        "algorithms": ["RS256", "PS256", "ES256", "EdDSA"],
        "usernameClaim": "preferred_username",
        "rolesClaim": "realm_access.roles",
        "roleMap": [{"value": "keyward-admins", "role": "admin"}],
        "signIn": true,
        "callers": true,
        "enabled": true,
        "source": "stored",
        "created": "2026-03-01T12:00:00.000Z",
        "version": 1,
    })
}
