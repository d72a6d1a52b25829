//! What of a token is believed: keys are made here, and every way of being wrong is tried.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod claims;
mod headers;
mod keys;

use super::{
    jwks::KeySet,
    jwt::{Jwt, looks_like_one},
    verify::{self, Refused, Said},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    id::{IssuerId, Scope},
    issuer::{Issuer, JwsAlgorithm, MappedRole, TokenType},
    policy::Source,
    time::Timestamp,
};
use keys::Signer;
use serde_json::{Value, json};

const ISS: &str = "https://sso.example/realms/staff";
/// 2026-03-01T12:00:00Z
const NOW: i64 = 1_772_366_400;

fn issuer() -> Issuer {
    Issuer {
        id: IssuerId::from_u128(1),
        scope: Scope::Cluster,
        name: "sso".to_owned(),
        label: "sso".to_owned(),
        issuer: ISS.to_owned(),
        client_id: Some("keyward".to_owned()),
        has_secret: false,
        scopes: vec!["openid".to_owned()],
        audiences: vec!["keyward-api".to_owned(), "other-api".to_owned()],
        token_types: vec![TokenType::AtJwt],
        algorithms: JwsAlgorithm::USUAL.to_vec(),
        username_claim: "preferred_username".to_owned(),
        roles_claim: Some("realm_access.roles".to_owned()),
        role_map: vec![MappedRole { value: "staff".to_owned(), role: "viewer".to_owned() }],
        sign_in: true,
        callers: true,
        allow_http: false,
        enabled: true,
        source: Source::Configuration,
    }
}

/// As Keycloak's: its access tokens call themselves `JWT`.
fn keycloak() -> Issuer {
    Issuer { token_types: vec![TokenType::Jwt], ..issuer() }
}

fn claims() -> Value {
    json!({
        "iss": ISS, "sub": "f81d4fae", "aud": "keyward-api", "exp": NOW + 300, "iat": NOW, "nbf": NOW,
        "preferred_username": "vera", "email": "vera@example.com", "given_name": "Vera",
        "realm_access": {"roles": ["staff", "offline_access"]},
    })
}

fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut claims = claims();
    change(&mut claims);
    claims
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// What becomes of an access token with the usual header and these claims.
fn access(issuer: &Issuer, claims: &Value) -> Result<Said, Refused> {
    let signer = Signer::ed25519();
    let typ = issuer.token_types[0].as_str();
    let header = json!({"alg": "EdDSA", "typ": typ, "kid": "k1"});
    believed(issuer, &signer.set("k1"), &signer.sign(&header, claims))
}

/// What becomes of a text as an access token.
fn believed(issuer: &Issuer, keys: &KeySet, text: &str) -> Result<Said, Refused> {
    let jwt = Jwt::read(text).ok_or("it is no JWT")?;
    verify::check_signature(&jwt, issuer, keys)?;
    verify::check_access_token(&jwt, issuer, now())
}

fn now() -> Timestamp {
    Timestamp::from_millis(NOW * 1_000)
}
