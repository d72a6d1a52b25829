//! A keyboard suffices.

use super::{lists, row};
use it::{
    chromium::{Chromium, Site, key},
    world::PASSWORD,
};
use serde_json::json;

/// Goes on by keyboard to what is called so, and presses it.
async fn press(browser: &Chromium, name: &str) {
    browser.tab_to(name).await;
    browser.press(&[key::ENTER]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "a journey, step by step")]
async fn a_key_is_made_changed_switched_and_deleted_by_keyboard_alone() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    browser.open(&site.at("/console/sign-in")).await;
    browser.tab_to("Tenant").await;
    browser.type_text("t100").await;
    browser.tab_to("User name").await;
    browser.type_text("nexus").await;
    browser.tab_to("Password").await;
    browser.type_text(PASSWORD).await;
    browser.press(&[key::ENTER]).await;
    browser.at("/console").await;
    browser.there("nav").await;
    // The first stop leads past the menu.
    browser.press(&[key::TAB]).await;
    assert_eq!(browser.focus().await, "Skip to the content");
    press(&browser, "API keys").await;
    browser.at("/console/keys").await;
    press(&browser, "Add API key").await;
    browser.there("#panel").await;
    let inside = "document.querySelector('#panel').contains(document.activeElement)";
    browser.until("the focus is in the panel", inside, json!([])).await;
    browser.tab_to("Key type").await;
    // Each step of the arrow is a choice, and the form follows it; the focus stays at what chooses.
    let chosen = "document.activeElement.selectedOptions[0].text === 'Digital Channels'";
    let script = format!("return {chosen};");
    while browser.script(&script, json!([])).await != true {
        browser.press(&[key::DOWN]).await;
        let calm = "document.querySelector('#panel:not([aria-busy]) form[data-key-form]') \
            && document.activeElement.id === 'new-type'";
        browser.until("the form follows", calm, json!([])).await;
    }
    browser.tab_to("Name").await;
    browser.type_text("By keys").await;
    browser.tab_to("Chat").await;
    browser.press(&[key::SPACE]).await;
    press(&browser, "Create API key").await;
    browser.there("[data-secret-text]").await;
    press(&browser, "Show the").await;
    if browser.has("#stored").await {
        browser.tab_to("I have stored this").await;
        browser.press(&[key::SPACE]).await;
    }
    press(&browser, "Done").await;
    browser.at("/console/keys").await;
    lists(&browser, &["By keys"]).await;

    // Escape closes the panel, and the focus is where it was.
    press(&browser, "Edit By keys").await;
    browser.there("#panel").await;
    browser.press(&[key::ESCAPE]).await;
    browser.until("the panel is closed", "!document.querySelector('#panel')", json!([])).await;
    browser
        .until("the focus is back", "nameOf(document.activeElement) === 'Edit By keys'", json!([]))
        .await;
    browser.press(&[key::ENTER]).await;
    browser.there("#panel form[data-key-form]").await;
    browser.tab_to("Requests").await;
    browser.type_text("120").await;
    browser.tab_to("Seconds").await;
    browser.type_text("60").await;
    press(&browser, "Save").await;
    browser.shows("The key is changed").await;
    browser.open(&site.at("/console/keys")).await;

    browser.tab_to("Search").await;
    browser.type_text("by k").await;
    browser.until("the address follows", "location.search.includes('search=by')", json!([])).await;
    lists(&browser, &["By keys"]).await;
    browser.tab_to("Enabled By keys").await;
    browser.press(&[key::SPACE]).await;
    row(&browser, "By keys", "Disabled").await;
    // What was pressed keeps the focus, though the list was made anew.
    browser
        .until(
            "the switch has the focus",
            "document.activeElement.matches('button[role=switch][aria-checked=false]')",
            json!([]),
        )
        .await;
    press(&browser, "Audit By keys").await;
    browser.there("#panel .event").await;
    browser.tab_to("Close").await;
    browser.press(&[key::ENTER]).await;
    browser.until("the panel is closed", "!document.querySelector('#panel')", json!([])).await;
    press(&browser, "Delete By keys").await;
    browser.there("#panel").await;
    press(&browser, "Delete the key").await;
    browser.shows("The key is deleted").await;
    browser.open(&site.at("/console")).await;
    browser.tab_to("NE nexus").await;
    browser.press(&[key::ENTER]).await;
    press(&browser, "Sign out").await;
    browser.shows("You are signed out").await;
}
