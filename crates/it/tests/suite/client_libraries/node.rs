//! openid-client, oauth4webapi, keycloak-connect.

use super::{CLIENT, CONSENT_CLIENT, PERSON, PUBLIC_CLIENT, Realm};
use it::client::Home;
use serde_json::json;

const EVERYTHING: &str = "email openid profile";

async fn openid_client(algorithm: &'static str) {
    let realm = Realm::signing_by(algorithm).await;
    let steps = realm.drive(Home::Node, "with_openid_client.mjs");
    assert_eq!(steps.one("discovery")["issuer"], realm.issuer);
    assert_eq!(steps.one("metadata")["same"], true);
    let codes = steps.all("code");
    // The sign-in page, and for the third client the one that asks; neither is shown again.
    let pages = [(CLIENT, 1), (PUBLIC_CLIENT, 1), (CONSENT_CLIENT, 2)];
    let seen = codes.iter().map(|step| (step["client"].as_str(), step["pages"].as_u64()));
    assert!(seen.eq(pages.map(|(client, pages)| (Some(client), Some(pages)))), "{codes:?}");
    for step in codes {
        assert_eq!((&step["name"], &step["scope"]), (&json!(PERSON), &json!(EVERYTHING)));
    }
    assert_eq!(steps.all("refresh").len(), 3);
    for step in steps.all("logout") {
        assert_eq!([&step["before"], &step["state"]], [&json!(true), &json!("bye")], "{step}");
        assert_eq!(step["after"], "login_required");
    }
    for step in steps.all("code_again") {
        assert_eq!(step["error"], "invalid_grant");
    }
    let own = steps.one("client_credentials");
    assert_eq!((&own["scope"], &own["seconds"]), (&json!("email profile"), &json!(600)));
    for step in steps.all("password") {
        assert_eq!([&step["name"], &step["active"]], [&json!(PERSON), &json!(true)]);
        assert_eq!(step["activeAfter"], false);
    }
    let refused = steps.one("refused");
    assert_eq!(
        [&refused["error"], &refused["text"]],
        ["invalid_grant", "Invalid user credentials"]
    );
    assert_eq!(refused["status"], 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openid_client_works_with_a_realm_that_signs_by_rsa() {
    openid_client("RS256").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openid_client_works_with_a_realm_that_signs_by_elliptic_curves() {
    openid_client("ES256").await;
}

async fn oauth4webapi(algorithm: &'static str) {
    let realm = Realm::signing_by(algorithm).await;
    let steps = realm.drive(Home::Node, "with_oauth4webapi.mjs");
    let discovery = steps.one("discovery");
    assert_eq!((&discovery["issuer"], &discovery["same"]), (&json!(realm.issuer), &json!(true)));
    assert!(discovery["algorithms"].as_array().expect("a list").contains(&json!(algorithm)));
    let code = steps.one("code");
    assert_eq!((&code["name"], &code["scope"]), (&json!(PERSON), &json!(EVERYTHING)));
    assert_eq!(code["authTime"], "number");
    assert_eq!(steps.one("refresh")["changed"], true);
    let own = steps.one("client_credentials");
    assert_eq!((&own["active"], &own["client"]), (&json!(true), &json!(CLIENT)));
    let revoked = steps.one("revoked");
    assert_eq!((&revoked["active"], &revoked["userinfo"]), (&json!(false), &json!(401)));
    assert_eq!(revoked["error"], "invalid_token");
    let refused = steps.all("refused");
    assert_eq!([&refused[0]["status"], &refused[1]["status"]], [401, 401]);
    assert_eq!([&refused[0]["says"], &refused[1]["says"]], ["unauthorized_client", "basic"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn oauth4webapi_works_with_a_realm_that_signs_by_rsa() {
    oauth4webapi("RS256").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn oauth4webapi_works_with_a_realm_that_signs_by_edwards_curves() {
    oauth4webapi("EdDSA").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keycloak_connect_protects_an_application_by_a_realm() {
    let realm = Realm::signing_by("RS256").await;
    let steps = realm.drive(Home::Node, "with_keycloak_connect.mjs");
    let grants = steps.one("grants");
    assert_eq!(grants["name"], PERSON);
    for yes in ["refreshed", "role", "id"] {
        assert_eq!(grants[yes], true, "{yes}");
    }
    assert_eq!(grants["service"], format!("service-account-{CLIENT}"));
    let introspection = steps.one("introspection");
    assert_eq!((&introspection["live"], &introspection["dead"]), (&json!(true), &json!(false)));
    for step in steps.all("bearer_only") {
        let statuses = ["with", "without", "altered", "role", "otherRole"].map(|name| &step[name]);
        assert_eq!(statuses, [200, 403, 403, 200, 403], "{step}");
    }
    assert_eq!(steps.all("bearer_only").len(), 2);
    let browser = steps.one("browser");
    assert_eq!((&browser["status"], &browser["body"]), (&json!(200), &json!(PERSON)));
    assert_eq!(browser["out"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keycloak_connect_asks_about_tokens_that_it_cannot_check_itself() {
    let realm = Realm::signing_by("ES256").await;
    let steps = realm.drive(Home::Node, "with_keycloak_connect.mjs");
    assert!(steps.one("rsa_alone")["text"].as_str().expect("a text").contains("signature"));
    let introspection = steps.one("introspection");
    assert_eq!((&introspection["live"], &introspection["dead"]), (&json!(true), &json!(false)));
}
