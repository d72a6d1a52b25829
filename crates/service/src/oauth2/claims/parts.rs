//! Claims that follow from one thing: the profile, the client's addresses, the access token.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{person::Profile, secret::Secret};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};

/// What the scopes `profile` and `email` tell of somebody; a service account has a name alone.
pub(in super::super) fn about(
    name: &str,
    profile: Option<&Profile>,
    has: impl Fn(&str) -> bool,
) -> Vec<(&'static str, Value)> {
    let mut told = Vec::new();
    if has("email") {
        // Nobody proves here that they can be reached there.
        told.push(("email_verified", json!(false)));
    }
    let part = |part: fn(&Profile) -> Option<&String>| profile.and_then(part);
    let given = part(|p| p.given_name.as_ref());
    let family = part(|p| p.family_name.as_ref());
    if has("profile") {
        let full: Vec<&str> = [given, family].into_iter().flatten().map(String::as_str).collect();
        if !full.is_empty() {
            told.push(("name", json!(full.join(" "))));
        }
        told.push(("preferred_username", json!(name)));
        told.extend(given.map(|given| ("given_name", json!(given))));
        told.extend(family.map(|family| ("family_name", json!(family))));
    }
    if has("email") {
        told.extend(part(|p| p.email.as_ref()).map(|email| ("email", json!(email))));
    }
    told
}

/// The origins of a client's addresses, for its own pages to compare.
pub(super) fn origins(addresses: &[String]) -> Vec<String> {
    let mut origins = Vec::new();
    for address in addresses {
        let Some((scheme @ ("http" | "https"), rest)) = address.split_once("://") else { continue };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let origin = format!("{scheme}://{host}");
        if !host.is_empty() && !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    origins
}

/// The left half of the access token's digest, by the hash of the algorithm that both are signed with
/// (OpenID Connect Core section 3.1.3.6; Ed25519 hashes by SHA-512).
pub(super) fn at_hash(access: &Secret) -> String {
    let text = access.expose().as_bytes();
    let header = access.expose().split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    let header: Value = serde_json::from_slice(&header).unwrap_or_default();
    let by_512 = header.get("alg").is_some_and(|alg| alg == "EdDSA");
    let digest = if by_512 { Sha512::digest(text).to_vec() } else { Sha256::digest(text).to_vec() };
    URL_SAFE_NO_PAD.encode(digest.get(..digest.len() / 2).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_those_of_pages_alone() {
        let addresses = [
            "https://app.example/callback",
            "https://app.example/other?x",
            "http://localhost:3000",
            "com.example.app:/back",
            "myapp://back",
        ]
        .map(str::to_owned);
        assert_eq!(origins(&addresses), ["https://app.example", "http://localhost:3000"]);
    }

    #[test]
    fn scopes_decide_what_is_told_of_somebody() {
        let profile = Profile {
            email: Some("vera@example.org".to_owned()),
            given_name: Some("Vera".to_owned()),
            family_name: Some("Nova".to_owned()),
        };
        let told = |scope: &str, profile: Option<&Profile>| {
            let told = about("vera", profile, |wanted| scope.split(' ').any(|s| s == wanted));
            Value::Object(told.into_iter().map(|(n, v)| (n.to_owned(), v)).collect()).to_string()
        };
        assert_eq!(told("openid", Some(&profile)), "{}");
        assert_eq!(
            told("email profile", Some(&profile)),
            r#"{"email_verified":false,"name":"Vera Nova","preferred_username":"vera","given_name":"Vera","family_name":"Nova","email":"vera@example.org"}"#
        );
        assert_eq!(
            told("email profile", None),
            r#"{"email_verified":false,"preferred_username":"vera"}"#
        );
    }
}
