//! What persons do for themselves.

use super::{super::make_key, browser, enter, in_panel, press, store, visit, write};
use it::chromium::{Chromium, Site};
use serde_json::json;

const NEXUS: &str = r"t100\nexus";

async fn validate(browser: &Chromium, key: &str, wanted: &str) {
    visit(browser, "API key validation").await;
    write(browser, "API key", key).await;
    press(browser, "Validate API key").await;
    // The answer has the focus: whoever cannot see is told at once.
    let said =
        "document.activeElement.id === 'result' && nameOf(document.activeElement) === arguments[0]";
    browser.until(&format!("the answer {wanted:?}"), said, json!([wanted])).await;
    assert!(!browser.url().await.contains(key), "the key is in no address");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_key_is_valid_and_a_bad_one_and_another_tenants_are_not() {
    let site = Site::start().await;
    let key =
        |name| json!({"keyType": "nexus", "name": name, "permissions": ["nexus:consumer:chat"]});
    let own = make_key(&site.world.person(NEXUS).await, key("Shop")).await;
    let theirs = make_key(&site.world.person(r"t200\bob").await, key("Theirs")).await;
    let browser = browser().await;
    enter(&browser, &site, NEXUS).await;
    validate(&browser, own["secret"].as_str().expect("a secret"), "Valid API key").await;
    press(&browser, "Shop").await;
    browser.at("/console/keys/key_").await;
    validate(&browser, "00000000-0000-4000-8000-000000000000", "Invalid API key").await;
    validate(&browser, theirs["secret"].as_str().expect("a secret"), "Invalid API key").await;
    assert!(!browser.text().await.contains("Theirs"), "another tenant's key is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_personal_psk_is_created_regenerated_and_deleted() {
    let site = Site::start().await;
    let browser = browser().await;
    enter(&browser, &site, NEXUS).await;
    press(&browser, "NE nexus…").await;
    press(&browser, "Settings").await;
    browser.at("/console/settings").await;
    press(&browser, "Add your personal PSK").await;
    in_panel(&browser).await;
    write(&browser, "Description", "My notebook").await;
    press(&browser, "Create").await;
    let first = store(&browser).await;
    browser.at("/console/settings").await;
    browser.shows("My notebook").await;

    press(&browser, "Regenerate or delete your personal PSK").await;
    in_panel(&browser).await;
    assert_eq!(browser.value("#panel", "Description").await, "My notebook");
    press(&browser, "Regenerate…").await;
    browser.shows("stops working at once").await;
    in_panel(&browser).await;
    press(&browser, "Regenerate").await;
    assert_ne!(store(&browser).await, first);
    browser.at("/console/settings").await;

    press(&browser, "Regenerate or delete your personal PSK").await;
    in_panel(&browser).await;
    press(&browser, "Delete…").await;
    browser.shows("at once and for good").await;
    in_panel(&browser).await;
    press(&browser, "Delete").await;
    browser.shows("Your personal PSK is deleted").await;
    browser.shows("You have none").await;
}
