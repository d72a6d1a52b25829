//! authlib, requests-oauthlib, python-keycloak.

use super::{CLIENT, PERSON, PUBLIC_CLIENT, Realm};
use it::client::Home;
use serde_json::json;

const EVERYTHING: &str = "email openid profile";

async fn authlib(algorithm: &'static str) {
    let realm = Realm::signing_by(algorithm).await;
    let steps = realm.drive(Home::Python, "with_authlib.py");
    let discovery = steps.one("discovery");
    assert_eq!(discovery["issuer"], realm.issuer);
    assert!(discovery["algorithms"].as_array().expect("a list").contains(&json!(algorithm)));
    let code = steps.one("code");
    assert_eq!(code["sub"], realm.person);
    assert_eq!((&code["name"], &code["scope"]), (&json!(PERSON), &json!(EVERYTHING)));
    let own = steps.one("client_credentials");
    assert_eq!((&own["scope"], &own["seconds"]), (&json!("email profile"), &json!(600)));
    for step in steps.all("password") {
        assert_eq!((&step["name"], &step["active_after"]), (&json!(PERSON), &json!(false)));
    }
    assert_eq!(steps.all("password").len(), 2);
    let refused = steps.one("refused");
    assert!(
        refused["text"].as_str().expect("a text").starts_with("unauthorized_client"),
        "{refused}"
    );
    assert_eq!(steps.all("logout").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn authlib_works_with_a_realm_that_signs_by_rsa() {
    authlib("RS256").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn authlib_works_with_a_realm_that_signs_by_elliptic_curves() {
    authlib("ES256").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_oauthlib_works_with_a_realm() {
    let realm = Realm::signing_by("ES256").await;
    let steps = realm.drive(Home::Python, "with_requests_oauthlib.py");
    assert_eq!(steps.one("discovery")["issuer"], realm.issuer);
    assert_eq!(steps.one("discovery")["methods"], json!(["S256"]));
    let codes = steps.all("code");
    assert_eq!([&codes[0]["client"], &codes[1]["client"]], [CLIENT, PUBLIC_CLIENT]);
    for step in codes {
        assert_eq!((&step["name"], &step["scope"]), (&json!(PERSON), &json!(EVERYTHING)));
    }
    assert_eq!(steps.all("refresh").len(), 2);
    for step in steps.all("code_again") {
        assert_eq!((&step["kind"], &step["status"]), (&json!("InvalidGrantError"), &json!(401)));
    }
    let own = steps.one("client_credentials");
    assert_eq!((&own["scope"], &own["refresh"]), (&json!("email profile"), &json!(false)));
    let password = steps.one("password");
    assert_eq!([&password["revoked"], &password["after"]], [&json!(200), &json!(401)]);
    assert_eq!(steps.one("refused")["kind"], "InvalidGrantError");
}

async fn python_keycloak(algorithm: &'static str) {
    let realm = Realm::signing_by(algorithm).await;
    let steps = realm.drive(Home::Python, "with_python_keycloak.py");
    let password = steps.one("password");
    assert_eq!((&password["name"], &password["kind"]), (&json!(PERSON), &json!("Bearer")));
    assert_eq!(password["algorithms"], json!([algorithm]));
    let roles = password["roles"].as_array().expect("a list");
    assert!(roles.contains(&json!("nx1_ask")), "{roles:?}");
    assert!(!password["public_key"].as_str().expect("a key").is_empty());
    assert!(steps.one("refresh")["text"].as_str().expect("a text").contains("invalid_grant"));
    let own = steps.one("client_credentials");
    assert_eq!(own["name"], format!("service-account-{CLIENT}"));
    assert_eq!((&own["scope"], &own["client"]), (&json!("email profile"), &json!(CLIENT)));
    assert_eq!(steps.one("code")["sub_is_persons"], true);
    assert_eq!(steps.one("code")["scope"], EVERYTHING);
    assert_eq!(steps.one("logout")["active_after"], false);
    let refused = steps.one("refused");
    assert_eq!(refused["kind"], "KeycloakAuthenticationError");
    assert!(refused["text"].as_str().expect("a text").contains("Invalid user credentials"));
    let nowhere = steps.one("no_such_realm")["text"].as_str().expect("a text");
    assert!(nowhere.contains("Realm does not exist"), "{nowhere}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_keycloak_works_with_a_realm_that_signs_by_rsa() {
    python_keycloak("RS256").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_keycloak_works_with_a_realm_that_signs_by_edwards_curves() {
    python_keycloak("EdDSA").await;
}
