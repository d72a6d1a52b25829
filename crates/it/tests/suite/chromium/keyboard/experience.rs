//! Keys of the Experience Cloud.

use super::{browser, enter, in_panel, past_the_menu, press, row, step, store, turn, visit, write};
use it::chromium::{Chromium, Site, key};
use serde_json::json;

const NEXUS: &str = r"t100\nexus";

/// Everything that Tab comes to from here to the end of the page.
async fn stops(browser: &Chromium) -> Vec<String> {
    let mut stops = Vec::new();
    loop {
        let name = step(browser).await;
        if name.is_empty() {
            return stops;
        }
        stops.push(name);
    }
}

async fn generate(browser: &Chromium, name: &str) {
    press(browser, "Generate new key").await;
    in_panel(browser).await;
    write(browser, "Name", name).await;
    write(browser, "Description", "Buttons in the workspace").await;
    write(browser, "Allow-list: origins", "https://crm.example.com").await;
    press(browser, "Generate token").await;
    browser.there("[data-secret-text]").await;
}

/// The audit of a key opens beside the list; an event says more where one wants it.
async fn audit(browser: &Chromium, name: &str) {
    press(browser, &format!("Audit {name}")).await;
    in_panel(browser).await;
    press(browser, "Key changed…").await;
    browser.there("#panel details[open] .event-body").await;
    browser.shows("Before and after").await;
    press(browser, "Close").await;
    browser.until("the panel is closed", "!document.querySelector('#panel')", json!([])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_shown_once_is_generated_stored_named_anew_and_audited() {
    let site = Site::start().await;
    let browser = browser().await;
    enter(&browser, &site, NEXUS).await;
    visit(&browser, "API keys").await;
    generate(&browser, "Workspace").await;
    browser.shows("made once and cannot be copied again").await;
    // The heading has the focus, and nothing behind it leads on before one says that the key is stored.
    let heading = "document.activeElement.matches('h1')";
    browser.until("the heading has the focus", heading, json!([])).await;
    let stops = stops(&browser).await;
    assert!(stops.iter().any(|name| name.starts_with("I have stored this")), "{stops:?}");
    let on = stops.iter().find(|name| *name == "Done" || *name == "Setup integration");
    assert_eq!(on, None, "{stops:?}");
    browser.press(&[key::ESCAPE]).await;
    assert!(browser.has("[data-secret-text]").await, "Escape loses nothing");
    assert!(browser.asks_before_leaving().await);
    store(&browser).await;
    browser.at("/console/keys").await;

    past_the_menu(&browser).await;
    press(&browser, "Edit Workspace").await;
    in_panel(&browser).await;
    write(&browser, "Name", "Workspace of all").await;
    write(&browser, "Description", "Other buttons").await;
    let fields = "return [...document.querySelector('#panel form[data-key-form]').elements]\
        .filter((e) => e.name && e.type !== 'hidden').map((e) => e.name).sort().join();";
    assert_eq!(browser.script(fields, json!([])).await, "description,name");
    press(&browser, "Save").await;
    browser.shows("The key is changed").await;
    row(&browser, "Workspace of all", "Other buttons").await;
    past_the_menu(&browser).await;
    audit(&browser, "Workspace of all").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn setting_up_an_integration_begins_at_the_list_and_at_the_generated_key() {
    let site = Site::start().await;
    let browser = browser().await;
    enter(&browser, &site, NEXUS).await;
    visit(&browser, "API keys").await;
    press(&browser, "Setup integration").await;
    in_panel(&browser).await;
    let chosen = "return document.querySelector('#new-type').selectedOptions[0].text;";
    assert_eq!(browser.script(chosen, json!([])).await, "OpenConnect");
    write(&browser, "Name", "Phones").await;
    press(&browser, "Generate token").await;
    browser.there("[data-secret-text]").await;
    turn(&browser, "I have stored this…").await;
    browser.press(&[key::TAB, key::TAB]).await;
    assert_eq!(super::at(&browser).await, "Setup integration");
    browser.press(&[key::ENTER]).await;
    browser.at("/console/setup").await;
    browser.shows("/openconnect").await;
}
