//! The type of a new key is chosen by letters and arrows, too: each of them is a choice on the way to the one
//! that is meant.

use super::{choose_type, sign_in};
use it::chromium::{Chromium, Site};
use serde_json::{Value, json};

/// How often the form was asked for.
async fn asked(browser: &Chromium) -> u64 {
    let script = "return performance.getEntriesByType('resource')\
        .filter((entry) => entry.name.includes('/console/keys/new')).length;";
    browser.script(script, json!([])).await.as_u64().expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_that_is_typed_is_asked_for_once_and_place_and_words_stay() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    sign_in(&browser, &site, r"t100\nexus").await;
    browser.open(&site.at("/console/keys")).await;
    browser.click("main", "Add API key").await;
    browser.there("#panel").await;
    choose_type(&browser, "API", true).await;
    browser.fill("#panel", "Name", "Orders").await;
    browser.fill("#panel", "Description", "For the night run").await;
    let before = asked(&browser).await;
    browser.script("document.getElementById('new-type').focus();", json!([])).await;
    browser.type_text("Queue").await;
    let follows = "document.querySelector('#panel:not([aria-busy]) form[data-key-form] input[name=type]')?.value === 'queueadapter'";
    browser.until("the form of that type", follows, json!([])).await;
    assert_eq!(asked(&browser).await, before + 1, "letters on the way ask for nothing");
    let place = browser.script("return document.activeElement.id;", json!([])).await;
    assert_eq!(place, Value::from("new-type"));
    assert_eq!(browser.value("#panel", "Name").await, "Orders");
    assert_eq!(browser.value("#panel", "Description").await, "For the night run");
    // Whoever goes on at once does not wait, and stays where they went.
    browser.script("document.getElementById('new-type').focus();", json!([])).await;
    browser.type_text("Deploy\u{e004}").await;
    let follows = follows.replace("queueadapter", "deployment");
    browser.until("the form of that type", &follows, json!([])).await;
    let place = browser
        .script("return document.activeElement.closest('#panel') !== null;", json!([]))
        .await;
    assert_eq!(place, Value::from(true));
    assert_eq!(browser.value("#panel", "Name").await, "Orders");
}
