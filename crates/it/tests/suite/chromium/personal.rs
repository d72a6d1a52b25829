//! What each person does for themself: ask whether a text is a key, and keep a personal PSK.

use super::{make_key, secret, sign_in, stored};
use it::chromium::{Chromium, Site};
use serde_json::json;

async fn validate(browser: &Chromium, site: &Site, key: &str, wanted: &str) {
    browser.open(&site.at("/console/validate")).await;
    browser.fill("main", "API key", key).await;
    browser.click("main", "Validate API key").await;
    browser.there("#result").await;
    assert_eq!(browser.inside("#result").await, wanted);
    assert!(!browser.url().await.contains(key), "the key is in no address");
    let script = "return document.documentElement.outerHTML.includes(arguments[0]);";
    assert_eq!(browser.script(script, json!([key])).await, false, "nor on the page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_key_is_valid_and_a_bad_one_and_another_tenants_are_not() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    let nexus = site.world.person(r"t100\nexus").await;
    let bob = site.world.person(r"t200\bob").await;
    let key =
        |name| json!({"keyType": "nexus", "name": name, "permissions": ["nexus:consumer:chat"]});
    let own = make_key(&nexus, key("Shop")).await;
    let theirs = make_key(&bob, key("Theirs")).await;
    let (own, theirs) = (own["secret"].as_str().unwrap(), theirs["secret"].as_str().unwrap());
    for scripts in [true, false] {
        browser.scripts(scripts).await;
        sign_in(&browser, &site, r"t100\nexus").await;
        validate(&browser, &site, own, "Valid API key").await;
        browser.shows("Shop").await;
        validate(&browser, &site, "00000000-0000-4000-8000-000000000000", "Invalid API key").await;
        let unknown = browser.inside("section.result").await;
        validate(&browser, &site, theirs, "Invalid API key").await;
        assert_eq!(browser.inside("section.result").await, unknown);
        assert!(!browser.text().await.contains("Theirs"), "another tenant's key is none");
    }
}

#[expect(clippy::cognitive_complexity, reason = "a journey, step by step")]
async fn psk(browser: &Chromium, site: &Site, scripts: bool) {
    sign_in(browser, site, r"t100\nexus").await;
    browser.click("header", "nexus").await;
    browser.click("header", "Settings").await;
    browser.at("/console/settings").await;
    browser.click("main", "Add your personal PSK").await;
    browser.there("#panel").await;
    browser.fill("#panel", "Description", "My notebook").await;
    browser.click("#panel", "Create").await;
    let first = secret(browser, scripts).await;
    stored(browser).await;
    browser.at("/console/settings").await;
    browser.shows("My notebook").await;

    browser.click("main", "Regenerate or delete your personal PSK").await;
    browser.there("#panel").await;
    assert_eq!(browser.value("#panel", "Description").await, "My notebook");
    browser.click("#panel", "Regenerate").await;
    browser.shows("stops working at once").await;
    browser.click("#panel", "Regenerate").await;
    let second = secret(browser, scripts).await;
    assert_ne!(first, second);
    stored(browser).await;
    browser.at("/console/settings").await;

    browser.click("main", "Regenerate or delete your personal PSK").await;
    browser.there("#panel").await;
    browser.click("#panel", "Delete").await;
    browser.shows("at once and for good").await;
    browser.click("#panel", "Delete").await;
    browser.shows("Your personal PSK is deleted").await;
    browser.shows("You have none").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_personal_psk_is_created_regenerated_and_deleted_from_ones_settings() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    for scripts in [true, false] {
        browser.scripts(scripts).await;
        psk(&browser, &site, scripts).await;
    }
}
