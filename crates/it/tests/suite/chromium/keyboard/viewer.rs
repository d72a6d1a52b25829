//! Who may look and not touch.

use super::{super::make_key, browser, enter, lists, past_the_menu, press, step, visit};
use it::chromium::{Chromium, Site};
use serde_json::json;

/// What would change something.
const DEEDS: [&str; 12] = [
    "Add",
    "Generate",
    "Edit",
    "Make a copy",
    "Make",
    "Rotate",
    "Regenerate",
    "Reveal",
    "Enable",
    "Disable",
    "Revoke",
    "Delete",
];

/// No stop from here to the end of the page leads to what would change something.
async fn only_looks(browser: &Chromium) {
    let mut stops = 0;
    loop {
        let name = step(browser).await;
        if name.is_empty() {
            break;
        }
        let deed = name.split(' ').next().unwrap_or_default();
        assert!(!DEEDS.contains(&deed), "{name} at {}", browser.url().await);
        stops += 1;
    }
    assert!(stops > 3, "{stops} stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_sees_and_comes_to_nothing_that_changes_anything() {
    let site = Site::start().await;
    let nexus = site.world.person(r"t100\nexus").await;
    let shop = json!({"keyType": "nexus", "name": "Shop", "permissions": ["nexus:consumer:chat"]});
    make_key(&nexus, shop).await;
    let browser = browser().await;
    enter(&browser, &site, r"t100\vera").await;
    visit(&browser, "API keys").await;
    lists(&browser, &["Shop"]).await;
    only_looks(&browser).await;
    past_the_menu(&browser).await;
    press(&browser, "Shop").await;
    browser.at("/console/keys/key_").await;
    past_the_menu(&browser).await;
    only_looks(&browser).await;
}
