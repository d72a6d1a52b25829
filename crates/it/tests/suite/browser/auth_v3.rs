//! `/auth/v3/oauth/authorize`: codes for persons of whatever tenant the client reaches.

use super::{CALLBACK, CHALLENGE, VERIFIER, asks_to_sign_in, error_of, replaced};
use crate::auth_v3::{audited, lives, member};
use it::{
    Answer, Browser, World,
    browser::{carried, encoded},
    world::PASSWORD,
};
use serde_json::json;

async fn started(more: serde_json::Value) -> (World, String) {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let mut body = json!({
        "clientId": "wwe", "name": "Workspace", "scopes": ["*"], "redirectUris": [CALLBACK],
        "grants": ["authorization_code", "refresh_token"],
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let made = ops.post("/v1/clients", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    (world, secret)
}

fn request(other: &[(&str, &str)]) -> String {
    let usual = [
        ("client_id", "wwe"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("state", "st4te"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    format!("/auth/v3/oauth/authorize?{}", encoded(&replaced(&usual, other)))
}

async fn exchanged(world: &World, secret: &str, code: &str, other: &[(&str, &str)]) -> Answer {
    let usual = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let caller = world.anonymous().basic("wwe", secret);
    caller.post_form("/auth/v3/oauth/token", &replaced(&usual, other)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn persons_of_tenants_and_of_the_cluster_sign_in_and_the_client_gets_opaque_tokens() {
    let (world, secret) = started(json!({})).await;
    for (tenant, username) in
        [("t100", "vera"), ("", r"t200\bob"), ("", "ops"), (it::world::TENANT, "nexus")]
    {
        let mut browser = Browser::new(world.anonymous());
        let page = browser.open(&request(&[])).await;
        assert!(page.text().contains("name=\"tenant\""), "{}", page.text());
        let typed = [("tenant", tenant), ("username", username), ("password", PASSWORD)];
        let back = browser.submit(&page, &typed).await;
        assert_eq!(back.status, 303, "{username}: {}", back.text());
        let carried = carried(&back);
        assert_eq!(carried["state"], "st4te");
        let answer = exchanged(&world, &secret, &carried["code"], &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(
            answer.members(),
            ["access_token", "token_type", "refresh_token", "expires_in", "scope"]
        );
        let token = member(&answer, "access_token");
        assert!(uuid::Uuid::parse_str(&token).is_ok(), "{token}");
        assert!(lives(&world, &token).await, "{username}");
        let again = browser.open(&request(&[])).await;
        assert_eq!(again.status, 302, "who is signed in goes on at once");
    }
    let by = audited(&world, "person.sign_in").await;
    assert!(by.iter().any(|e| e["detail"]["by"] == "browser" && e["detail"]["client"] == "wwe"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_of_the_error_table_for_codes() {
    let (world, secret) = started(json!({})).await;
    let mut browser = Browser::new(world.anonymous());
    let page = browser.open(&request(&[("hideTenant", "true")])).await;
    assert!(!page.text().contains("name=\"tenant\""));
    let back = browser.submit(&page, &[("username", r"t100\vera"), ("password", PASSWORD)]).await;
    let code = carried(&back)["code"].clone();
    let elsewhere = "https://app.example/elsewhere";
    for (other, wanted) in [
        (("code", ""), "400 invalid_request: An authorization code must be supplied."),
        (("code", "unknown"), "400 invalid_grant: Invalid authorization code"),
        (("redirect_uri", elsewhere), "400 invalid_grant: Redirect URI mismatch."),
        (("code_verifier", ""), "400 invalid_grant: A code verifier must be supplied."),
        (("code_verifier", "short"), "400 invalid_grant: Invalid code verifier"),
    ] {
        let refused = exchanged(&world, &secret, &code, &[other]).await;
        assert_eq!(crate::auth_v3::refusal(&refused), wanted);
    }
    let ops = world.person("ops").await;
    let body = json!({"clientId": "thief", "scopes": ["*"], "grants": ["authorization_code"],
        "redirectUris": [CALLBACK]});
    let thief = ops.post("/v1/clients", &body).await.json()["secret"].as_str().unwrap().to_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let thief = world.anonymous().basic("thief", &thief);
    let refused = thief.post_form("/auth/v3/oauth/token", &form).await;
    assert_eq!(crate::auth_v3::refusal(&refused), "401 invalid_client: Client ID mismatch");
    let good = exchanged(&world, &secret, &code, &[]).await;
    let token = member(&good, "access_token");
    let again = exchanged(&world, &secret, &code, &[]).await;
    assert_eq!(crate::auth_v3::refusal(&again), "400 invalid_grant: Invalid authorization code");
    assert!(!lives(&world, &token).await, "the second use ends what the first one founded");
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_11_the_implicit_grant_does_not_exist() {
    let (world, _) = started(json!({})).await;
    let mut browser = Browser::new(world.anonymous());
    for response_type in ["token", "code token"] {
        let back = browser.get(&request(&[("response_type", response_type)])).await;
        assert_eq!(error_of(&back), "unsupported_response_type");
        assert!(!back.header("location").contains('#'));
    }
    assert_eq!(
        error_of(&browser.get(&request(&[("code_challenge", "")])).await),
        "invalid_request"
    );
    assert_eq!(browser.get(&request(&[("client_id", "nobody")])).await.status, 400);
    assert_eq!(
        browser.get(&request(&[("redirect_uri", "https://evil.example")])).await.status,
        400
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_one_tenant_signs_in_its_persons_alone() {
    let (world, secret) = started(json!({"tenant": it::world::TENANT})).await;
    let mut browser = Browser::new(world.anonymous());
    let page = browser.open(&request(&[])).await;
    let theirs = [("tenant", "t200"), ("username", "bob"), ("password", PASSWORD)];
    assert!(asks_to_sign_in(&browser.submit(&page, &theirs).await));
    let own = [("tenant", "t100"), ("username", "vera"), ("password", PASSWORD)];
    let back = browser.submit(&page, &own).await;
    let answer = exchanged(&world, &secret, &carried(&back)["code"], &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_has_to_ask_for_consent_gets_no_code_where_nobody_is_asked() {
    let (world, _) = started(json!({"tenant": it::world::TENANT, "consentRequired": true})).await;
    let mut browser = Browser::new(world.anonymous());
    assert_eq!(error_of(&browser.get(&request(&[])).await), "unauthorized_client");
    let there = request(&[("scope", "*")])
        .replace("/auth/v3/oauth/authorize", "/realms/companya/protocol/openid-connect/auth");
    assert!(asks_to_sign_in(&browser.get(&there).await), "its realm asks");
}
