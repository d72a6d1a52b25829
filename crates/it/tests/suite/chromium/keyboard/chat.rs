//! Keys of Digital Channels.

use super::{
    browser, choose_type, enter, go, in_panel, lists, past_the_menu, press, row, store, turn,
    visit, write,
};
use it::chromium::{Chromium, Site, key};
use serde_json::json;

const DAY_MS: u32 = 24 * 60 * 60 * 1000;
const NEXUS: &str = r"t100\nexus";

async fn add(browser: &Chromium, name: &str, permission: &str) {
    press(browser, "Add API key").await;
    in_panel(browser).await;
    choose_type(browser, "Digital Channels").await;
    write(browser, "Name", name).await;
    turn(browser, permission).await;
    press(browser, "Create API key").await;
    let secret = store(browser).await;
    assert_eq!(secret.len(), 36, "a UUID");
    browser.at("/console/keys").await;
    past_the_menu(browser).await;
}

/// Opens the form of the key, from the list.
async fn edit(browser: &Chromium, name: &str) {
    press(browser, &format!("Edit {name}")).await;
    in_panel(browser).await;
    browser.there("#panel form[data-key-form]").await;
}

async fn save(browser: &Chromium) {
    press(browser, "Save").await;
    browser.shows("The key is changed").await;
}

/// From the switch in the list, and from the key's page.
async fn switching(browser: &Chromium) {
    turn(browser, "Enabled Web chat").await;
    row(browser, "Web chat", "Disabled").await;
    // What was pressed keeps the focus, though the list was made anew.
    let held = "document.activeElement.matches('button[role=switch][aria-checked=false]')";
    browser.until("the switch has the focus", held, json!([])).await;
    browser.press(&[key::SPACE]).await;
    row(browser, "Web chat", "Available").await;
    press(browser, "Web chat").await;
    browser.at("/console/keys/key_").await;
    past_the_menu(browser).await;
    press(browser, "Disable").await;
    browser.shows("The key is disabled").await;
    past_the_menu(browser).await;
    press(browser, "Enable").await;
    browser.shows("The key is enabled").await;
}

/// Types an instant into a field for dates and times, whose parts stand in the order of the browser's language.
async fn type_instant(browser: &Chromium, label: &str, instant: &str) {
    go(browser, label).await;
    let parts = "return new Intl.DateTimeFormat(navigator.language, { year: 'numeric', month: '2-digit', \
        day: '2-digit', hour: '2-digit', minute: '2-digit' }).formatToParts(new Date(arguments[0]))\
        .map((p) => p.type === 'literal' ? '' : p.value).join('');";
    let typed = browser.script(parts, json!([instant])).await;
    browser.type_text(typed.as_str().expect("an instant")).await;
    let value = browser.script("return document.activeElement.value;", json!([])).await;
    assert_eq!(value, instant);
}

/// An end is set, comes, and is moved.
#[expect(clippy::cognitive_complexity, reason = "a journey, step by step")]
async fn expiring(site: &Site, browser: &Chromium) {
    visit(browser, "API keys").await;
    edit(browser, "Web chat").await;
    go(browser, "Will never expire").await;
    let at = "return nameOf(document.activeElement).startsWith('30 days');";
    while browser.script(at, json!([])).await != true {
        browser.press(&[key::DOWN]).await;
    }
    save(browser).await;
    row(browser, "Web chat", "Expires in 30 days").await;

    site.world.clock.advance_millis(31 * DAY_MS);
    enter(browser, site, NEXUS).await;
    visit(browser, "API keys").await;
    row(browser, "Web chat", "Expired").await;
    press(browser, "Web chat").await;
    browser.shows("Expired on").await;
    past_the_menu(browser).await;
    press(browser, "Set a new expiration date").await;
    browser.shows("A new date brings it back").await;
    type_instant(browser, "Expiration date and time, UTC", &site.today(40)).await;
    save(browser).await;
    visit(browser, "API keys").await;
    row(browser, "Web chat", "Expires in 40 days").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_for_chat_and_mail_are_made_switched_ended_copied_and_deleted() {
    let site = Site::start().await;
    let browser = browser().await;
    enter(&browser, &site, NEXUS).await;
    visit(&browser, "API keys").await;
    add(&browser, "Web chat", "Chat…").await;
    add(&browser, "Mail form", "Secure Mail…").await;
    lists(&browser, &["Web chat", "Mail form"]).await;
    row(&browser, "Web chat", "Chat").await;
    row(&browser, "Mail form", "Secure Mail").await;

    edit(&browser, "Web chat").await;
    browser.shows("The permission cannot be changed").await;
    save(&browser).await;
    past_the_menu(&browser).await;
    switching(&browser).await;
    expiring(&site, &browser).await;

    press(&browser, "Make a copy of Web chat").await;
    in_panel(&browser).await;
    assert_eq!(browser.value("#panel", "Name").await, "Web chat_2");
    press(&browser, "Create the copy").await;
    store(&browser).await;
    browser.at("/console/keys").await;
    lists(&browser, &["Web chat", "Web chat_2", "Mail form"]).await;

    past_the_menu(&browser).await;
    press(&browser, "Delete Web chat_2").await;
    in_panel(&browser).await;
    browser.shows("disable").await;
    press(&browser, "Delete the key").await;
    browser.shows("The key is deleted").await;
    lists(&browser, &["Web chat", "Mail form"]).await;
}
