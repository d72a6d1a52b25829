//! Signing in by the issuer of one's tenant, at another site: what a browser carries there and back.

use super::make_key;
use crate::{
    auth_v3::later,
    issuers::{NOW, company, made},
};
use it::{
    chromium::{Chromium, Elsewhere, Site},
    provider::{ISS, Provider},
};
use serde_json::json;

/// Whoever comes here with a question of ours leaves with an answer.
const PAGE: &str = r#"<!doctype html><title>Company</title><body><script>
const asked = new URLSearchParams(location.search), answer = new URL(asked.get("redirect_uri"));
const said = { code: "a code", state: asked.get("state"), iss: "ISS" };
for (const [name, value] of Object.entries(said)) answer.searchParams.set(name, value);
const link = document.createElement("a");
Object.assign(link, { href: answer, textContent: "I am Frieda" });
document.body.append(link);
</script>"#;

/// Goes on from the issuer's page as `frieda`.
async fn vouched(browser: &Chromium, provider: &Provider) {
    let there = "location.host === 'sso.example' && document.querySelector('a')";
    browser.until("the page of the issuer", there, json!([])).await;
    let script = "return new URLSearchParams(location.search).get('nonce');";
    let nonce = browser.script(script, json!([])).await;
    let claims = json!({
        "iss": ISS, "sub": "frieda", "aud": "keyward", "exp": NOW + 300_000, "iat": NOW,
        "nonce": nonce, "preferred_username": "frieda", "realm_access": {"roles": ["bosses"]},
    });
    let id_token = provider.sign("JWT", &claims);
    provider.gives(json!({"access_token": "at", "token_type": "Bearer", "id_token": id_token}));
    browser.click("body", "I am Frieda").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_at_the_issuer_of_their_tenant_and_proves_themself_there() {
    let provider = Provider::new();
    let calls = provider.outbound();
    let site = Site::start_with(|_, config| config.outgoing.calls = Some(calls)).await;
    let admin = site.world.person(r"t100\nexus").await;
    made(&admin, &company()).await;
    let key = json!({"keyType": "nexus", "name": "Shop", "permissions": ["nexus:consumer:chat"]});
    let key = make_key(&admin, key).await;
    let elsewhere = Elsewhere::start_with_tls("sso.example", PAGE.replace("ISS", ISS)).await;
    let browser = Chromium::start_knowing("sso.example", elsewhere.port).await;

    browser.open(&site.at("/console/keys")).await;
    browser.at("/console/sign-in").await;
    browser.fill("", "Tenant", "t100").await;
    browser.click("main", "Sign in another way").await;
    browser.click("main", "Sign in with Company sign-in").await;
    vouched(&browser, &provider).await;
    // Where one wanted to go, with a session that no other site's request would carry.
    browser.at("/console/keys").await;
    browser.shows("Shop").await;
    assert!(browser.offers("header", "frieda").await);

    later(&site.world, 300_000);
    let id = key["id"].as_str().expect("an id");
    browser.open(&site.at(&format!("/console/keys/{id}/reveal"))).await;
    assert!(!browser.has("[type=password]").await, "there is none to ask for");
    browser.click("#panel", "Prove it at Company sign-in").await;
    vouched(&browser, &provider).await;
    browser.at(&format!("/console/keys/{id}/reveal")).await;
    browser.click("#panel", "Reveal the key").await;
    browser.there("[data-secret-text]").await;
    browser.click("main", "Show the").await;
    assert_eq!(browser.inside("[data-secret-text]").await, key["secret"]);
}
