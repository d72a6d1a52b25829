//! Keys are found by what is typed, by where they stand and by what they may do.

use super::{apply, lists, make_key, sign_in};
use it::{
    Caller, World,
    chromium::{Chromium, Site},
    world::PASSWORD,
};
use serde_json::{Value, json};

const CHAT: &str = "nexus:consumer:chat";
const MAIL: &str = "nexus:consumer:securemail";

fn key(name: &str, permission: &str) -> Value {
    json!({ "keyType": "nexus", "name": name, "permissions": [permission] })
}

/// Keys in every status, made by two persons.
pub(super) async fn filled(world: &World, site: &Site) -> Caller {
    let nexus = world.person(r"t100\nexus").await;
    let person = json!({"username": "mia.olsen", "roles": ["admin"], "password": PASSWORD});
    let made = nexus.post("/v1/persons", &person).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let mia = world.anonymous().signed_in(r"t100\mia.olsen", PASSWORD).await;
    make_key(&nexus, key("Good chat", CHAT)).await;
    make_key(&mia, key("Good mail", MAIL)).await;
    let mut soon = key("Soon over", CHAT);
    soon["expires"] = json!(format!("{}:00Z", site.today(20)));
    make_key(&nexus, soon).await;
    let mut over = key("Long over", MAIL);
    over["expires"] = json!(format!("{}:00Z", site.today(1)));
    make_key(&nexus, over).await;
    let gone = make_key(&nexus, key("Revoked one", CHAT)).await;
    let id = gone["id"].as_str().unwrap();
    let answer = nexus.post(&format!("/v1/keys/{id}/revoke"), &json!({})).await;
    assert!(answer.status.is_success(), "{}", answer.text());
    world.clock.advance_millis(2 * 24 * 60 * 60 * 1000);
    nexus
}

pub(super) const ALL: [&str; 5] =
    ["Good chat", "Good mail", "Soon over", "Long over", "Revoked one"];

#[expect(clippy::cognitive_complexity, reason = "a journey, step by step")]
async fn journey(site: &Site, browser: &Chromium, scripts: bool) {
    sign_in(browser, site, r"t100\nexus").await;
    browser.open(&site.at("/console/keys")).await;
    lists(browser, &ALL).await;
    for (label, wanted) in [
        ("Available", &["Good chat", "Good mail", "Soon over"][..]),
        ("Unavailable", &["Long over", "Revoked one"]),
        ("Soon unavailable", &["Soon over"]),
    ] {
        browser.tick("form.filters", label, true).await;
        apply(browser, scripts).await;
        lists(browser, wanted).await;
        browser.tick("form.filters", label, false).await;
        apply(browser, scripts).await;
        lists(browser, &ALL).await;
    }
    for (label, wanted) in [
        ("Chat", &["Good chat", "Soon over", "Revoked one"][..]),
        ("Secure Mail", &["Good mail", "Long over"]),
        ("Designer", &[]),
        ("All", &ALL),
    ] {
        browser.choose("form.filters", "Permissions", label).await;
        apply(browser, scripts).await;
        lists(browser, wanted).await;
    }
    for (typed, wanted) in [
        ("good", &["Good chat", "Good mail"][..]),
        ("MIA.OLSEN", &["Good mail"]),
        ("no such thing", &[]),
    ] {
        browser.fill("form.filters", "Search", typed).await;
        apply(browser, scripts).await;
        lists(browser, wanted).await;
    }
    browser.shows("Nothing matches").await;
    assert!(browser.url().await.contains("search=no"), "the address says what is looked for");
    browser.click("#results", "Clear the filters").await;
    lists(browser, &ALL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_found_by_name_by_creator_by_status_and_by_permission() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    filled(&site.world, &site).await;
    journey(&site, &browser, true).await;
    browser.scripts(false).await;
    journey(&site, &browser, false).await;
}
