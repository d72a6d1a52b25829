//! The end of a session, as whoever sits before the page meets it: told in time, and nothing typed is lost.

use super::{secret, sign_in, stored};
use crate::auth_v3::later;
use it::chromium::{Chromium, Site};
use serde_json::json;

const MINUTE_MS: u32 = 60_000;
const BANNER: &str = "#session-end:not([hidden])";

/// So many minutes pass, here and at the browser.
async fn pass(site: &Site, browser: &Chromium, minutes: u32) {
    later(&site.world, minutes * MINUTE_MS);
    browser.forward(minutes * MINUTE_MS).await;
}

/// A browser with a clock that goes as the test says, and a form with a name typed into it.
async fn typing(site: &Site, name: &str) -> Chromium {
    let browser = Chromium::start().await;
    browser.move_clocks().await;
    sign_in(&browser, site, r"t100\nexus").await;
    fill(site, &browser, name).await;
    browser
}

async fn fill(site: &Site, browser: &Chromium, name: &str) {
    browser.open(&site.at("/console/keys/new?type=nexus")).await;
    browser.there("#panel form[data-key-form]").await;
    browser.fill("#panel", "Name", name).await;
    browser.tick("#panel", "Chat", true).await;
    assert!(!browser.has(BANNER).await, "an hour is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn se_02_five_minutes_before_the_end_the_page_says_so_and_one_click_puts_it_off() {
    let site = Site::start().await;
    let browser = typing(&site, "Typed before").await;
    pass(&site, &browser, 55).await;
    browser.there(BANNER).await;
    assert!(browser.inside(BANNER).await.starts_with("Your session ends in 5 minutes."));
    browser.click(BANNER, "Stay signed in").await;
    browser
        .until("the banner is gone", "document.querySelector('#session-end').hidden", json!([]))
        .await;
    assert_eq!(browser.value("#panel", "Name").await, "Typed before");
    // The hour since the page came is over, and the session goes on.
    pass(&site, &browser, 50).await;
    browser.click("#panel", "Create API key").await;
    secret(&browser, true).await;
    stored(&browser).await;
    browser.at("/console/keys").await;
    browser.shows("Typed before").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_stays_on_the_page_when_the_session_has_ended() {
    let site = Site::start().await;
    let browser = typing(&site, "Shop").await;
    browser.click("#panel", "Create API key").await;
    secret(&browser, true).await;
    stored(&browser).await;
    browser.at("/console/keys").await;
    browser.click("#results", "Edit Shop").await;
    browser.there("#panel form[data-key-form]").await;
    browser.fill("#panel", "Name", "Typed too long").await;
    pass(&site, &browser, 61).await;
    browser.shows("Your session has ended. Copy what you typed").await;
    assert!(!browser.offers(BANNER, "Stay signed in").await);
    browser.click("#panel", "Save").await;
    browser.there("#panel [data-complaint]").await;
    assert_eq!(browser.value("#panel", "Name").await, "Typed too long");
    sign_in_again(&site, &browser).await;
    browser.shows("Shop").await;
    assert!(!browser.text().await.contains("Typed too long"), "nothing was changed");
}

/// Leaves the form, and signs in.
async fn sign_in_again(site: &Site, browser: &Chromium) {
    browser.leave(&site.at("/console/keys")).await;
    browser.at("/console/sign-in").await;
    sign_in(browser, site, r"t100\nexus").await;
    browser.open(&site.at("/console/keys")).await;
    browser.there("#results").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_grew_old_says_when_it_ends_and_offers_nothing() {
    let site = Site::start_with(|settings, _| settings.session_absolute_s = 3_600).await;
    let browser = typing(&site, "Typed at the end").await;
    pass(&site, &browser, 58).await;
    browser.there(BANNER).await;
    assert!(browser.inside(BANNER).await.starts_with("Your session ends in 2 minutes."));
    assert!(!browser.offers(BANNER, "Stay signed in").await, "nothing puts it off");
}
