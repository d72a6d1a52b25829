//! Keys are found.

use super::{
    super::{
        lists::{ALL, filled},
        make_key,
    },
    browser, choose, enter, in_panel, lists, past_the_menu, press, turn, visit, write,
};
use it::chromium::{Chromium, Site, key};
use serde_json::json;

const NEXUS: &str = r"t100\nexus";

async fn by_status(browser: &Chromium) {
    for (label, wanted) in [
        ("Available", &["Good chat", "Good mail", "Soon over"][..]),
        ("Unavailable", &["Long over", "Revoked one"]),
        ("Soon unavailable", &["Soon over"]),
    ] {
        turn(browser, label).await;
        lists(browser, wanted).await;
        browser.press(&[key::SPACE]).await;
        lists(browser, &ALL).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_found_by_name_by_creator_by_status_by_permission_and_by_themselves() {
    let site = Site::start().await;
    filled(&site.world, &site).await;
    let browser = browser().await;
    enter(&browser, &site, NEXUS).await;
    visit(&browser, "API keys").await;
    by_status(&browser).await;
    for (option, wanted) in [
        ("Chat", &["Good chat", "Soon over", "Revoked one"][..]),
        ("Secure Mail", &["Good mail", "Long over"]),
        ("Designer", &[]),
        ("All", &ALL),
    ] {
        choose(&browser, "Permissions", option).await;
        lists(&browser, wanted).await;
    }
    for (typed, wanted) in [
        ("good", &["Good chat", "Good mail"][..]),
        ("MIA.OLSEN", &["Good mail"]),
        ("no such thing", &[]),
    ] {
        write(&browser, "Search", typed).await;
        lists(&browser, wanted).await;
    }
    browser.shows("Nothing matches").await;
    press(&browser, "Clear the filters").await;
    lists(&browser, &ALL).await;

    let sought =
        json!({"keyType": "nexus", "name": "Sought", "permissions": ["nexus:consumer:chat"]});
    let sought = make_key(&site.world.person(NEXUS).await, sought).await;
    past_the_menu(&browser).await;
    press(&browser, "Find by key").await;
    in_panel(&browser).await;
    write(&browser, "Key", sought["secret"].as_str().expect("a secret")).await;
    press(&browser, "Find the key").await;
    browser.at("/console/keys/key_").await;
    browser.shows("Sought").await;
}
