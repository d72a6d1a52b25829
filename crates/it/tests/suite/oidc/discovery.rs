//! What a realm says of itself.

use super::{person, read_jwt, start, text_of};
use serde_json::{Value, json};

const DISCOVERY: &str = "/realms/companya/.well-known/openid-configuration";
const METADATA: &str = "/.well-known/oauth-authorization-server/realms/companya";

#[tokio::test(flavor = "multi_thread")]
async fn md_01_both_documents_name_the_issuer_that_tokens_name() {
    let world = start().await;
    let anonymous = world.anonymous();
    let (one, other) = (anonymous.get(DISCOVERY).await, anonymous.get(METADATA).await);
    assert_eq!((one.status.as_u16(), &one.body), (200, &other.body));
    let tokens = person(&world, "ada", "openid").await;
    for token in ["access_token", "refresh_token", "id_token"] {
        let (_, claims) = read_jwt(text_of(&tokens, token));
        assert_eq!(claims["iss"], one.json()["issuer"], "{token}");
    }
    assert_eq!(one.header("cache-control"), "public, max-age=900");
}

#[tokio::test(flavor = "multi_thread")]
async fn md_02_no_address_of_a_realm_follows_the_host_that_was_asked() {
    let world = start().await;
    let plain = world.anonymous().get(DISCOVERY).await;
    let forged = world
        .anonymous()
        .with_header("host", "localhost:9")
        .with_header("x-forwarded-host", "evil.example")
        .with_header("x-forwarded-proto", "https")
        .with_header("forwarded", "host=evil.example;proto=https")
        .get(DISCOVERY)
        .await;
    assert_eq!((forged.status.as_u16(), &forged.body), (200, &plain.body));
    let all = plain.json();
    for (name, value) in all.as_object().unwrap() {
        if name == "issuer" || name.ends_with("_endpoint") || name == "jwks_uri" {
            let text = value.as_str().unwrap();
            assert!(text.starts_with("http://127.0.0.1:8080/realms/companya"), "{name}: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn md_03_a_realm_lists_only_what_is_on() {
    let world = start().await;
    let all = world.anonymous().get(DISCOVERY).await.json();
    let list = |name: &str| all[name].clone();
    assert_eq!(
        list("grant_types_supported"),
        json!(["authorization_code", "client_credentials", "refresh_token"])
    );
    assert_eq!(list("response_types_supported"), json!(["code"]));
    assert_eq!(list("code_challenge_methods_supported"), json!(["S256"]));
    assert_eq!(
        list("token_endpoint_auth_methods_supported"),
        json!(["client_secret_basic", "client_secret_post"])
    );
    assert_eq!(list("id_token_signing_alg_values_supported"), json!(["RS256"]));
    assert_eq!(all["authorization_response_iss_parameter_supported"], true);
    for (name, value) in all.as_object().unwrap() {
        if let Some(path) = value.as_str().filter(|_| name != "issuer") {
            let path = path.strip_prefix("http://127.0.0.1:8080").unwrap();
            let status = world.anonymous().get(path).await.status;
            assert!(status != 404, "{name} leads nowhere: {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jw_07_the_published_keys_are_those_that_sign_and_are_public() {
    let world = start().await;
    let tokens = person(&world, "ada", "openid").await;
    let keys = world.anonymous().get("/realms/companya/protocol/openid-connect/certs").await.json();
    let one = &keys["keys"][0];
    let (header, _) = read_jwt(text_of(&tokens, "access_token"));
    assert_eq!((&one["kid"], &one["alg"]), (&header["kid"], &header["alg"]));
    let names: Vec<&String> = one.as_object().unwrap().keys().collect();
    assert_eq!(names, ["kid", "kty", "alg", "use", "n", "e"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_realm_document_has_the_recorded_members() {
    let world = start().await;
    let answer = world.anonymous().get("/realms/companya").await;
    assert_eq!(
        answer.members(),
        ["realm", "public_key", "token-service", "account-service", "tokens-not-before"]
    );
    let all: Value = answer.json();
    assert!(
        text_of(&all, "public_key").starts_with("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA")
    );
}
