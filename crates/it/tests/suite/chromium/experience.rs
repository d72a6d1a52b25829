//! Keys of the Experience Cloud: made once, kept from being lost, audited, and put to use.

use super::{choose_type, row, secret, sign_in};
use it::chromium::{Chromium, Site};
use serde_json::{Value, json};

async fn generate(browser: &Chromium, scripts: bool, name: &str, key_type: &str) {
    browser.click("main", "Generate new key").await;
    browser.there("#panel").await;
    choose_type(browser, key_type, scripts).await;
    browser.fill("#panel", "Name", name).await;
    browser.fill("#panel", "Description", "Buttons in the workspace").await;
    browser.fill("#panel", "Allow-list: origins", "https://crm.example.com").await;
    browser.click("#panel", "Generate token").await;
    browser.there("[data-secret-text]").await;
}

/// Whoever wants to leave is asked, as long as nobody said that the key is stored.
async fn kept_from_leaving(browser: &Chromium, scripts: bool) {
    browser.shows("made once and cannot be copied again").await;
    if scripts {
        for name in ["Done", "Setup integration"] {
            let script = "return find(PRESSED, arguments[0], 'main').disabled;";
            assert_eq!(browser.script(script, json!([name])).await, Value::Bool(true), "{name}");
        }
        assert!(browser.asks_before_leaving().await);
    } else {
        // The box is required: the browser sends nothing without it.
        browser.click("main", "Done").await;
        browser.there("[data-secret-text]").await;
    }
}

#[expect(clippy::cognitive_complexity, reason = "a journey, step by step")]
async fn journey(site: &Site, browser: &Chromium, scripts: bool) {
    let name = if scripts { "Workspace" } else { "Plain workspace" };
    sign_in(browser, site, r"t100\nexus").await;
    browser.open(&site.at("/console/keys")).await;
    generate(browser, scripts, name, "Client").await;
    kept_from_leaving(browser, scripts).await;
    // Left without a word it stays in the list as what it is.
    browser.leave(&site.at("/console/keys")).await;
    row(browser, name, "Not acknowledged").await;

    let second = format!("{name}, again");
    generate(browser, scripts, &second, "Client").await;
    secret(browser, scripts).await;
    browser.tick("main", "I have stored this", true).await;
    browser.click("main", "Done").await;
    browser.at("/console/keys").await;
    browser.open(&site.at("/console/keys")).await;
    browser.shows(&second).await;

    // Afterwards name and description alone may be edited.
    browser.click("#results", &format!("Edit {second}")).await;
    browser.there("#panel form[data-key-form]").await;
    let script = "return [...document.querySelector('#panel form[data-key-form]').elements]\
        .filter((e) => e.name && e.type !== 'hidden').map((e) => e.name).sort().join();";
    assert_eq!(browser.script(script, json!([])).await, "description,name");
    browser.fill("#panel", "Name", &format!("{second} and again")).await;
    browser.fill("#panel", "Description", "Other buttons").await;
    browser.click("#panel", "Save").await;
    browser.shows("The key is changed").await;

    // The audit says who did what, and when: beside the list, or on a page of its own.
    browser.open(&site.at("/console/keys")).await;
    browser.click("#results", &format!("Audit {second} and again")).await;
    let place = if scripts { "#panel" } else { "main" };
    browser.there(&format!("{place} .event")).await;
    browser.shows("nexus").await;
    let script = "return document.querySelectorAll(arguments[0] + ' .event').length;";
    let events = browser.script(script, json!([place])).await.as_u64();
    assert!(events >= Some(3), "made, stored, changed: {events:?}");
    if scripts {
        browser.click("#panel", "Close").await;
        browser.until("the panel is gone", "!document.querySelector('#panel')", json!([])).await;
    }
}

/// From the list the form opens with OpenConnect chosen; the key's page leads on, once it is acknowledged.
async fn setup(site: &Site, browser: &Chromium, scripts: bool) {
    browser.open(&site.at("/console/keys")).await;
    browser.click("main .head", "Setup integration").await;
    browser.there("#panel form[data-key-form]").await;
    let chosen = browser.script(
        "const s = document.querySelector('#new-type'); return s.options[s.selectedIndex].text;",
        json!([]),
    );
    assert_eq!(chosen.await, "OpenConnect");
    browser.fill("#panel", "Name", &format!("Phones {scripts}")).await;
    browser.click("#panel", "Generate token").await;
    browser.there("[data-secret-text]").await;
    browser.tick("main", "I have stored this", true).await;
    browser.click("main", "Setup integration").await;
    browser.at("/console/setup").await;
    browser.shows("/openconnect").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_shown_once_is_not_left_before_somebody_says_that_it_is_stored() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    for scripts in [true, false] {
        browser.scripts(scripts).await;
        journey(&site, &browser, scripts).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn setting_up_an_integration_begins_at_the_list_and_at_the_generated_key() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    for scripts in [true, false] {
        browser.scripts(scripts).await;
        sign_in(&browser, &site, r"t100\nexus").await;
        setup(&site, &browser, scripts).await;
    }
}
