//! Keys of Digital Channels, as their administrators make, switch, end, copy and delete them.

use super::{choose_type, lists, row, secret, sign_in, stored};
use it::chromium::{Chromium, Site};

const DAY_MS: u32 = 24 * 60 * 60 * 1000;

async fn add(browser: &Chromium, scripts: bool, name: &str, permission: &str) -> String {
    browser.click("main", "Add API key").await;
    browser.there("#panel").await;
    choose_type(browser, "Digital Channels", scripts).await;
    browser.fill("#panel", "Name", name).await;
    browser.tick("#panel", permission, true).await;
    browser.click("#panel", "Create API key").await;
    let made = secret(browser, scripts).await;
    assert_eq!(made.len(), 36, "a UUID");
    stored(browser).await;
    browser.at("/console/keys").await;
    made
}

#[expect(clippy::cognitive_complexity, reason = "a journey, step by step")]
async fn journey(site: &Site, browser: &Chromium, scripts: bool) {
    sign_in(browser, site, r"t100\nexus").await;
    browser.open(&site.at("/console/keys")).await;
    add(browser, scripts, "Web chat", "Chat").await;
    browser.open(&site.at("/console/keys")).await;
    add(browser, scripts, "Mail form", "Secure Mail").await;
    browser.open(&site.at("/console/keys")).await;
    lists(browser, &["Web chat", "Mail form"]).await;
    row(browser, "Web chat", "Chat").await;
    row(browser, "Mail form", "Secure Mail").await;

    the_permission_stays(browser).await;
    switching(site, browser).await;
    expiring(site, browser).await;

    // A copy has the next number.
    browser.open(&site.at("/console/keys")).await;
    browser.click("#results", "Make a copy of Web chat").await;
    browser.there("#panel form[data-key-form]").await;
    assert_eq!(browser.value("#panel", "Name").await, "Web chat_2");
    browser.click("#panel", "Create the copy").await;
    secret(browser, scripts).await;
    stored(browser).await;
    browser.open(&site.at("/console/keys")).await;
    lists(browser, &["Web chat", "Web chat_2", "Mail form"]).await;

    // Deleting says what disabling would do instead, and asks once.
    browser.click("#results", "Delete Web chat_2").await;
    browser.there("#panel").await;
    browser.shows("disable").await;
    browser.click("#panel", "Delete the key").await;
    browser.shows("The key is deleted").await;
    browser.open(&site.at("/console/keys")).await;
    lists(browser, &["Web chat", "Mail form"]).await;
}

async fn the_permission_stays(browser: &Chromium) {
    browser.click("#results", "Edit Web chat").await;
    browser.there("#panel form[data-key-form]").await;
    browser.shows("The permission cannot be changed").await;
    assert!(!browser.has("#panel [name='permission'], #panel [name='permissions']").await);
    browser.fill("#panel", "Name", "Web chat").await;
    browser.click("#panel", "Save").await;
    browser.shows("The key is changed").await;
}

async fn switching(site: &Site, browser: &Chromium) {
    browser.open(&site.at("/console/keys")).await;
    browser.click_at("#results button[role=switch][aria-checked='true']").await;
    browser.there("#results button[role=switch][aria-checked='false']").await;
    browser.shows("Disabled").await;
    browser.click_at("#results button[role=switch][aria-checked='false']").await;
    browser
        .until(
            "all are on",
            "!document.querySelector('#results button[role=switch][aria-checked=false]')",
            serde_json::json!([]),
        )
        .await;
    browser.click("#results", "Web chat").await;
    browser.at("/console/keys/key_").await;
    browser.click("main", "Disable").await;
    browser.shows("The key is disabled").await;
    browser.click("main", "Enable").await;
    browser.shows("The key is enabled").await;
}

/// An end is set, comes, and is moved.
#[expect(clippy::cognitive_complexity, reason = "a journey, step by step")]
async fn expiring(site: &Site, browser: &Chromium) {
    let today = site.today(0);
    edit(site, browser).await;
    browser.tick("#panel", "Expiration date", true).await;
    browser.set("#panel", "Expiration date and time", &site.today(10)).await;
    browser.click("#panel", "Save").await;
    browser.shows("The key is changed").await;
    browser.open(&site.at("/console/keys")).await;
    row(browser, "Web chat", "Expires in 10 days").await;

    site.world.clock.advance_millis(11 * DAY_MS);
    sign_in(browser, site, r"t100\nexus").await;
    browser.open(&site.at("/console/keys")).await;
    row(browser, "Web chat", "Expired").await;
    browser.click("#results", "Web chat").await;
    browser.shows("Expired on").await;
    browser.shows("Set a new expiration date").await;

    edit(site, browser).await;
    browser.shows("A new date brings it back").await;
    browser.tick("#panel", "Expiration date", true).await;
    browser.set("#panel", "Expiration date and time", &site.today(40)).await;
    browser.click("#panel", "Save").await;
    browser.shows("The key is changed").await;
    browser.open(&site.at("/console/keys")).await;
    row(browser, "Web chat", "Expires in 40 days").await;
    assert!(today < site.today(0));
}

async fn edit(site: &Site, browser: &Chromium) {
    browser.open(&site.at("/console/keys")).await;
    browser.click("#results", "Edit Web chat").await;
    browser.there("#panel form[data-key-form]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_for_chat_and_mail_are_made_switched_ended_copied_and_deleted() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    journey(&site, &browser, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_for_chat_and_mail_are_made_switched_ended_copied_and_deleted_without_scripts() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    browser.scripts(false).await;
    journey(&site, &browser, false).await;
}
