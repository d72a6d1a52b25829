//! What a realm can do (OpenID Connect Discovery, RFC 8414): what is on, and nothing else (MD-03). Every
//! address comes from the configuration (MD-02).

use super::{cors, headers, in_realm::InRealm};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation},
    failure::Failure,
};
use axum::extract::State;
use http::{HeaderMap, Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{Error, oauth2::Realm, signing::CACHED_FOR_S};
use utoipa::ToSchema;

/// The password grant is not among them, whoever may use it (CW-01).
const GRANTS: [&str; 3] = ["authorization_code", "client_credentials", "refresh_token"];
const CLIENT_METHODS: [&str; 2] = ["client_secret_basic", "client_secret_post"];
const CLAIMS: [&str; 18] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "jti",
    "auth_time",
    "nonce",
    "acr",
    "azp",
    "sid",
    "at_hash",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "email",
    "email_verified",
];

/// The order of the members is Keycloak's.
#[derive(Serialize, ToSchema)]
#[schema(as = RealmMetadata)]
struct Answer<'a> {
    /// What `iss` says in every token of the realm.
    issuer: &'a str,
    authorization_endpoint: String,
    token_endpoint: String,
    introspection_endpoint: String,
    userinfo_endpoint: String,
    end_session_endpoint: String,
    jwks_uri: String,
    grant_types_supported: &'static [&'static str],
    acr_values_supported: &'static [&'static str],
    response_types_supported: &'static [&'static str],
    subject_types_supported: &'static [&'static str],
    /// What the keys of the realm sign with.
    id_token_signing_alg_values_supported: Vec<&'static str>,
    response_modes_supported: &'static [&'static str],
    token_endpoint_auth_methods_supported: &'static [&'static str],
    introspection_endpoint_auth_methods_supported: &'static [&'static str],
    claims_supported: &'static [&'static str],
    claim_types_supported: &'static [&'static str],
    claims_parameter_supported: bool,
    scopes_supported: &'static [&'static str],
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    code_challenge_methods_supported: &'static [&'static str],
    revocation_endpoint: String,
    revocation_endpoint_auth_methods_supported: &'static [&'static str],
    authorization_response_iss_parameter_supported: bool,
}

impl<'a> Answer<'a> {
    fn of(realm: &'a Realm, algorithms: Vec<&'static str>) -> Self {
        let at = |rest: &str| format!("{}/protocol/openid-connect/{rest}", realm.issuer);
        Self {
            issuer: &realm.issuer,
            authorization_endpoint: at("auth"),
            token_endpoint: at("token"),
            introspection_endpoint: at("token/introspect"),
            userinfo_endpoint: at("userinfo"),
            end_session_endpoint: at("logout"),
            jwks_uri: at("certs"),
            grant_types_supported: &GRANTS,
            acr_values_supported: &["1"],
            response_types_supported: &["code"],
            subject_types_supported: &["public"],
            id_token_signing_alg_values_supported: algorithms,
            response_modes_supported: &["query", "form_post"],
            token_endpoint_auth_methods_supported: &CLIENT_METHODS,
            introspection_endpoint_auth_methods_supported: &CLIENT_METHODS,
            claims_supported: &CLAIMS,
            claim_types_supported: &["normal"],
            claims_parameter_supported: false,
            scopes_supported: &["openid", "email", "profile"],
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            code_challenge_methods_supported: &["S256"],
            revocation_endpoint: at("revoke"),
            revocation_endpoint_auth_methods_supported: &CLIENT_METHODS,
            authorization_response_iss_parameter_supported: true,
        }
    }
}

pub(super) fn doc() -> Operation {
    described(operation("Discover a realm")).about(
        "The metadata of OpenID Connect Discovery. Every address begins with the configured \
         `public_url`, whatever host was asked.",
    )
}

pub(super) fn doc_metadata() -> Operation {
    described(operation("Discover a realm as RFC 8414 has it")).about(
        "The same metadata where RFC 8414 section 3 looks for it: the well-known name stands before the \
         realm's path.",
    )
}

fn described(operation: Operation) -> Operation {
    let example = Realm {
        tenant: domain::id::TenantId::from_u128(0),
        name: "default".to_owned(),
        issuer: "https://keys.example/realms/default".to_owned(),
        enabled: true,
    };
    cors::of_realm(operation)
        .answers::<Answer<'_>>(
            200,
            "What the realm can do.",
            json!(Answer::of(&example, vec!["RS256"])),
        )
        .with_header("Cache-Control", "How long it may be kept.", "public, max-age=900")
        .fails([Error::Unavailable { retry_after_s: 1 }])
}

pub(super) async fn discover_realm(
    State(app): State<App>,
    InRealm(realm): InRealm,
    asked: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let keys = app.service().realm_keys(realm.tenant).await?;
    let at = app.frame().now().wall;
    let mut algorithms: Vec<&'static str> = Vec::new();
    for key in keys.all().filter(|key| key.is_published(at)) {
        if !algorithms.contains(&key.algorithm.as_str()) {
            algorithms.push(key.algorithm.as_str());
        }
    }
    let answer = answer::json(StatusCode::OK, &Answer::of(&realm, algorithms));
    cors::readable(&app, &realm, &asked, headers::kept_for(answer, CACHED_FOR_S)).await
}
