//! What administrators keep besides keys: persons, roles, clients, types of keys, contact centers.

use super::{secret, sign_in, stored};
use it::{
    chromium::{Chromium, Site},
    world::PASSWORD,
};
use serde_json::json;

/// From a list to the form of a new thing.
async fn begin(browser: &Chromium, site: &Site, list: &str, button: &str) {
    browser.open(&site.at(list)).await;
    browser.click("main", button).await;
    browser.there("#panel form[method=post]").await;
}

/// From a thing's page to one of its forms.
async fn ask(browser: &Chromium, button: &str) {
    browser.click("main .head", button).await;
    browser.there("#panel form[method=post]").await;
}

async fn tick(browser: &Chromium, label: &str, on: bool) {
    browser.bring("#panel", label).await;
    browser.tick("#panel", label, on).await;
}

#[expect(clippy::cognitive_complexity, reason = "a journey, step by step")]
async fn person(browser: &Chromium, site: &Site) {
    begin(browser, site, "/console/persons", "Add person").await;
    browser.fill("#panel", "User name", "ada").await;
    tick(browser, "viewer", true).await;
    browser.click("#panel", "Create person").await;
    let password = secret_of(browser).await;
    assert!(password.len() >= 15, "{}", password.len());
    browser.open(&site.at("/console/persons?search=ada")).await;
    browser.click("#results", "ada").await;
    browser.at("/console/persons/").await;
    ask(browser, "Edit").await;
    browser.fill("#panel", "Given name", "Ada").await;
    browser.click("#panel", "Save").await;
    browser.shows("The person is changed").await;
    ask(browser, "Disable").await;
    browser.click("#panel", "Disable").await;
    browser.shows("The person is disabled").await;
    browser.click("main .head", "Enable").await;
    browser.shows("The person is enabled").await;
    ask(browser, "Delete").await;
    browser.click("#panel", "Delete person").await;
    browser.shows("The person is deleted").await;
}

/// The secret on the page, however it is shown, once somebody said that it is stored.
async fn secret_of(browser: &Chromium) -> String {
    browser.there("[data-secret-text]").await;
    let scripts = browser.has("[data-secret-show]:not([hidden])").await;
    let secret = secret(browser, scripts).await;
    stored(browser).await;
    browser.until("it is gone", "!document.querySelector('[data-secret-text]')", json!([])).await;
    secret
}

async fn role(browser: &Chromium, site: &Site) {
    begin(browser, site, "/console/roles", "Add role").await;
    browser.fill("#panel", "Name", "reader").await;
    tick(browser, "Read the audit log", true).await;
    browser.click("#panel", "Create role").await;
    browser.shows("The role is made").await;
    browser.open(&site.at("/console/roles/reader")).await;
    ask(browser, "Edit").await;
    tick(browser, "Read the audit log", false).await;
    browser.click("#panel", "Save").await;
    browser.shows("The role is changed").await;
    browser.open(&site.at("/console/roles/reader")).await;
    ask(browser, "Delete").await;
    browser.click("#panel", "Delete role").await;
    browser.shows("The role is deleted").await;
}

async fn client(browser: &Chromium, site: &Site) {
    begin(browser, site, "/console/clients", "Add client").await;
    browser.fill("#panel", "Client id", "shop").await;
    browser.click("#panel", "Add the client").await;
    let first = secret_of(browser).await;
    browser.open(&site.at("/console/clients/shop/edit")).await;
    browser.fill("#panel", "Name", "The shop").await;
    browser.click("#panel", "Save").await;
    browser.shows("The client is changed").await;
    browser.open(&site.at("/console/clients/shop/regenerate-secret")).await;
    browser.click("#panel", "Regenerate the secret").await;
    assert_ne!(secret_of(browser).await, first);
    browser.open(&site.at("/console/clients/shop")).await;
    browser.click("main .head", "Disable").await;
    browser.shows("The client is disabled").await;
    browser.open(&site.at("/console/clients/shop/delete")).await;
    browser.click("#panel", "Delete the client").await;
    browser.shows("The client is deleted").await;
}

async fn key_type(browser: &Chromium, site: &Site, name: &str) {
    begin(browser, site, "/console/key-types", "Add key type").await;
    browser.fill("#panel", "Name", name).await;
    tick(browser, "A UUID", true).await;
    browser.click("#panel", "Create key type").await;
    browser.shows("The key type is created").await;
    browser.open(&site.at(&format!("/console/key-types/{name}/edit"))).await;
    browser.fill("#panel", "Description", "Partners").await;
    browser.click("#panel", "Save").await;
    browser.shows("The key type is changed").await;
}

async fn password(browser: &Chromium, site: &Site) {
    browser.open(&site.at("/console/settings/password")).await;
    browser.fill("main", "Password until now", PASSWORD).await;
    browser.fill("main", "New password", PASSWORD).await;
    browser.fill("main", "New password, once more", "another one than that").await;
    browser.click("main", "Change password").await;
    browser.there("main .fault").await;
    let next = "a boat on the quiet river";
    browser.fill("main", "Password until now", PASSWORD).await;
    browser.fill("main", "New password", next).await;
    browser.fill("main", "New password, once more", next).await;
    browser.click("main", "Change password").await;
    browser.shows("Your password is changed").await;
}

/// What a contact center lets browsers and keys do.
async fn rules(browser: &Chromium) {
    browser.click("main", "CORS origins").await;
    browser.fill("main", "Origin to add", "https://shop.example").await;
    browser.click("main", "Add origin").await;
    browser.shows("The origin is added").await;
    browser.click("main", "Remove https://shop.example").await;
    browser.shows("The origin is removed").await;
    browser.click("main", "Key policies").await;
    browser.click("main", "Set a policy for all other types").await;
    browser.there("#panel form[method=post]").await;
    browser.fill("#panel", "Keys at most", "10").await;
    browser.click("#panel", "Save policy").await;
    browser.shows("The policy is set").await;
    browser.click("main", "Delete the policy for all other types").await;
    browser.there("#panel form[method=post]").await;
    browser.click("#panel", "Delete policy").await;
    browser.shows("The policy is deleted").await;
}

#[expect(clippy::cognitive_complexity, reason = "a journey, step by step")]
async fn contact_center(browser: &Chromium, site: &Site) {
    begin(browser, site, "/console/tenants", "Add contact center").await;
    browser.fill("#panel", "Name", "Harbor").await;
    browser.fill("#panel", "Domains", "harbor").await;
    browser.click("#panel", "Create contact center").await;
    browser.shows("The contact center is made").await;
    browser.open(&site.at("/console/tenants?search=harbor")).await;
    browser.click("#results", "Harbor").await;
    browser.at("/console/tenants/").await;
    ask(browser, "Edit").await;
    browser.fill("#panel", "Name", "Harbor and quay").await;
    browser.click("#panel", "Save").await;
    browser.shows("The contact center is changed").await;
    rules(browser).await;
    ask(browser, "Disable").await;
    browser.click("#panel", "Disable").await;
    browser.shows("The contact center is disabled").await;
    browser.click("main .head", "Enable").await;
    browser.shows("The contact center is enabled").await;
    ask(browser, "Delete").await;
    browser.fill("#panel", "Type its name", "Harbor and quay").await;
    browser.click("#panel", "Delete for good").await;
    browser.shows("The contact center is deleted").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn persons_roles_clients_and_types_of_keys_are_made_changed_and_ended() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    for scripts in [true, false] {
        browser.scripts(scripts).await;
        sign_in(&browser, &site, r"t100\nexus").await;
        person(&browser, &site).await;
        role(&browser, &site).await;
        client(&browser, &site).await;
        key_type(&browser, &site, if scripts { "partner" } else { "plain" }).await;
    }
    password(&browser, &site).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn contact_centers_and_what_they_allow_are_made_changed_and_ended() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    for scripts in [true, false] {
        browser.scripts(scripts).await;
        sign_in(&browser, &site, "ops").await;
        contact_center(&browser, &site).await;
    }
}
