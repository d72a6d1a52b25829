//! Who may look and not touch.

use super::{lists, make_key, sign_in};
use it::chromium::{Chromium, Site};
use serde_json::json;

/// What somebody who may only look finds: of the list, of a key, and of what is not theirs.
async fn looks(browser: &Chromium, site: &Site, id: &str) {
    sign_in(browser, site, r"t100\vera").await;
    browser.open(&site.at("/console/keys")).await;
    lists(browser, &["Shop"]).await;
    for name in [
        "Add API key",
        "Generate new key",
        "Setup integration",
        "Edit",
        "Make a copy",
        "Rotate",
        "Revoke",
        "Delete",
    ] {
        assert!(!browser.offers("main", name).await, "{name} in the list");
    }
    assert!(!browser.has("#results [role='switch']").await);
    browser.click("#results", "Shop").await;
    browser.at("/console/keys/key_").await;
    for name in
        ["Edit", "Make a copy", "Rotate", "Regenerate", "Reveal", "Disable", "Revoke", "Delete"]
    {
        assert!(!browser.offers("main .head", name).await, "{name} on the page");
    }
    for path in [
        "/console/keys/new".to_owned(),
        format!("/console/keys/{id}/edit"),
        format!("/console/keys/{id}/delete"),
        "/console/tenants".to_owned(),
    ] {
        browser.open(&site.at(&path)).await;
        browser.shows("not allowed").await;
        assert!(!browser.has("form:not([action='/console/sign-out'])").await, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_sees_and_cannot_touch() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    let nexus = site.world.person(r"t100\nexus").await;
    let key = json!({"keyType": "nexus", "name": "Shop", "permissions": ["nexus:consumer:chat"]});
    let made = make_key(&nexus, key).await;
    let id = made["id"].as_str().unwrap();
    for scripts in [true, false] {
        browser.scripts(scripts).await;
        looks(&browser, &site, id).await;
    }
}
