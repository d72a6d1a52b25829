//! The console in a real browser: what administrators come for, from end to end, and what only a browser can
//! tell: what it shows, runs, keeps and sends. Each test starts one browser, because each costs a second.

mod administration;
mod choosing;
mod copying;
mod experience;
mod forgery;
mod keyboard;
mod keys;
mod lists;
mod outside;
mod pages;
mod personal;
mod secrets;
mod sessions;
mod step_up;
mod stored_xss;
mod viewer;

use it::{
    Caller,
    chromium::{Chromium, Site},
    world::PASSWORD,
};
use serde_json::{Value, json};

/// Signs a person in, in whatever state the browser is.
async fn sign_in(browser: &Chromium, site: &Site, person: &str) {
    browser.forget().await;
    browser.open(&site.at("/console/sign-in")).await;
    let (tenant, name) = person.split_once('\\').unwrap_or(("", person));
    browser.fill("", "Tenant", tenant).await;
    browser.fill("", "User name", name).await;
    browser.fill("", "Password", PASSWORD).await;
    browser.click("main", "Sign in").await;
    // The page of the form has an address that begins like that of every other one.
    let expression =
        "document.readyState === 'complete' && location.pathname !== '/console/sign-in'";
    browser.until("a page after the sign-in", expression, json!([])).await;
    browser.there("h1").await;
}

/// Makes a key by the API.
async fn make_key(caller: &Caller, key: Value) -> Value {
    let answer = caller.post("/v1/keys", &key).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

/// The names of the keys in the list, once they are these, besides the one that every tenant has.
async fn lists(browser: &Chromium, names: &[&str]) {
    let expression = "JSON.stringify([...document.querySelectorAll('#results td:first-child > a')]\
        .map((a) => squeezed(a.textContent)).filter((name) => name !== 'Deployment key').sort()) === JSON.stringify(arguments[0].sort())";
    browser.until(&format!("the keys {names:?}"), expression, json!([names])).await;
}

/// What stands in the row of a key.
async fn row(browser: &Chromium, name: &str, text: &str) {
    let expression = "[...document.querySelectorAll('#results tr')].some((row) => \
        squeezed(row.querySelector('td:first-child > a')?.textContent) === arguments[0] \
        && squeezed(row.textContent).includes(arguments[1]))";
    browser
        .until(&format!("{text:?} in the row of {name:?}"), expression, json!([name, text]))
        .await;
}

/// Sends a list's filters: without scripts there is a button for it.
async fn apply(browser: &Chromium, scripts: bool) {
    if !scripts {
        browser.click("form.filters", "Apply").await;
        browser.there("#results").await;
    }
}

/// The secret that stands on the page, read as a person does who wants to see it.
async fn secret(browser: &Chromium, scripts: bool) -> String {
    browser.there("[data-secret-text]").await;
    if scripts {
        let masked = browser.inside("[data-secret-text]").await;
        assert!(masked.starts_with('•'), "it is masked at first: {masked}");
        browser.click("main", "Show the").await;
    }
    browser.inside("[data-secret-text]").await
}

/// Goes on from a secret: it is stored.
async fn stored(browser: &Chromium) {
    if browser.has("#stored").await {
        browser.tick("main", "I have stored this", true).await;
    }
    browser.click("main", "Done").await;
}

/// Chooses the type of a new key.
async fn choose_type(browser: &Chromium, label: &str, scripts: bool) {
    browser.choose("#panel", "Key type", label).await;
    if !scripts {
        browser.click("#panel", "Continue").await;
    }
    let calm = "document.querySelector('#panel:not([aria-busy]) form[data-key-form]')";
    browser.until("the form of that type", calm, json!([])).await;
}
