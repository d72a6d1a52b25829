//! Whoever signed in a while ago proves once more who they are before a secret is shown or made.

use super::{make_key, secret, sign_in};
use crate::auth_v3::later;
use it::{
    chromium::{Chromium, Site},
    world::PASSWORD,
};
use serde_json::json;

const FIELD: &str = "#current-password";
const FIVE_MINUTES_MS: u32 = 300_000;

/// The key's secret is asked for: at once, wrongly, and with the password.
#[expect(clippy::cognitive_complexity, reason = "a journey, step by step")]
async fn reveal(site: &Site, browser: &Chromium, (id, wanted): (&str, &str), scripts: bool) {
    let page = site.at(&format!("/console/keys/{id}/reveal"));
    browser.open(&page).await;
    assert!(!browser.has(FIELD).await, "signed in just now");
    browser.click("#panel", "Reveal the key").await;
    assert_eq!(secret(browser, scripts).await, wanted);

    later(&site.world, FIVE_MINUTES_MS);
    browser.open(&page).await;
    browser.fill("#panel", "Your password", "not my password").await;
    browser.click("#panel", "Reveal the key").await;
    browser.shows("This is not your password.").await;
    browser.there(&format!("{FIELD}[aria-invalid='true']")).await;
    assert_eq!(browser.value("#panel", "Your password").await, "", "it does not come back");
    assert!(!browser.has("[data-secret-text]").await);
    browser.fill("#panel", "Your password", PASSWORD).await;
    browser.click("#panel", "Reveal the key").await;
    assert_eq!(secret(browser, scripts).await, wanted);

    // Proved just now: nothing more is asked.
    browser.open(&page).await;
    browser.there("#panel form").await;
    assert!(!browser.has(FIELD).await);
}

/// What was typed beside a wrong password is still there.
async fn make_psk(site: &Site, browser: &Chromium, scripts: bool) {
    later(&site.world, FIVE_MINUTES_MS);
    browser.open(&site.at("/console/settings")).await;
    browser.click("main", "Add your personal PSK").await;
    browser.there(&format!("#panel {FIELD}")).await;
    browser.fill("#panel", "Description", "My notebook").await;
    browser.fill("#panel", "Your password", "not my password").await;
    browser.click("#panel", "Create").await;
    browser.shows("This is not your password.").await;
    assert_eq!(browser.value("#panel", "Description").await, "My notebook");
    browser.fill("#panel", "Your password", PASSWORD).await;
    browser.click("#panel", "Create").await;
    assert!(!secret(browser, scripts).await.is_empty());
}

async fn proved(scripts: bool) {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    let nexus = site.world.person(r"t100\nexus").await;
    let key = json!({"keyType": "nexus", "name": "Shop", "permissions": ["nexus:consumer:chat"]});
    let made = make_key(&nexus, key).await;
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    let (id, wanted) = (text("id"), text("secret"));
    browser.scripts(scripts).await;
    sign_in(&browser, &site, r"t100\nexus").await;
    reveal(&site, &browser, (&id, &wanted), scripts).await;
    make_psk(&site, &browser, scripts).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn se_05_a_secret_asks_for_the_password_when_the_sign_in_is_old() {
    proved(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn se_05_a_secret_asks_for_the_password_when_the_sign_in_is_old_without_scripts() {
    proved(false).await;
}
