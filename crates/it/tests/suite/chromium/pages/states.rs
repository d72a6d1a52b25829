//! Pages in states that no address alone leads to: a secret that is shown once, panels and menus that are open, lists
//! in which nothing is, a sign-in that failed, a session that ends.

use super::{
    super::{choose_type, make_key, sign_in},
    elsewhere, seen,
};
use it::{
    chromium::{Chromium, Site},
    world::OTHER_TENANT,
};
use serde_json::{Value, json};

const NEXUS: &str = r"t100\nexus";

/// A browser, and what was found wrong in it.
struct Eyes {
    site: Site,
    browser: Chromium,
    findings: Vec<String>,
    looks: usize,
}

impl Eyes {
    async fn open() -> Self {
        let site = Site::start().await;
        let browser = Chromium::start().await;
        browser.size(1440, 900).await;
        Self { site, browser, findings: Vec::new(), looks: 0 }
    }

    /// Looks at the page as it is: in the light, wide, and in the dark, narrow, in turn.
    async fn look(&mut self, what: &str) {
        self.looks += 1;
        let is_dark = self.looks.is_multiple_of(2);
        self.browser.dark(is_dark).await;
        let width = if is_dark { 320 } else { 1440 };
        self.findings.extend(seen(&self.browser, what, width).await);
        self.browser.size(1440, 900).await;
    }

    /// Looks at the page of this address.
    async fn visit(&mut self, path: &str) {
        self.browser.open(&self.site.at(path)).await;
        self.browser.there("h1").await;
        self.look(path).await;
    }

    /// Looks at a secret, masked and shown.
    async fn secret(&mut self, what: &str) {
        self.looks = 0;
        self.browser.there("[data-secret-text]").await;
        self.look(&format!("{what}, masked")).await;
        self.browser.click("main", "Show the").await;
        self.look(&format!("{what}, shown")).await;
        let address = self.site.at("/console/keys");
        self.browser.leave(&address).await;
        self.browser.at("/console/keys").await;
    }

    async fn end(mut self) {
        self.findings.extend(elsewhere(&self.browser, &self.site).await);
        let Self { findings, .. } = self;
        assert!(findings.is_empty(), "{}:\n{}", findings.len(), findings.join("\n"));
    }
}

fn key(name: &str, key_type: &str, more: &Value) -> Value {
    let mut key = json!({ "keyType": key_type, "name": name });
    key.as_object_mut().expect("an object").extend(more.as_object().expect("more").clone());
    key
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_shows_a_secret_once_is_for_everybody() {
    let mut eyes = Eyes::open().await;
    sign_in(&eyes.browser, &eyes.site, NEXUS).await;
    eyes.visit("/console/settings/psk").await;
    eyes.browser.fill("#panel", "Description", "My notebook").await;
    eyes.browser.click("#panel", "Create").await;
    eyes.secret("a new PSK").await;
    for part in ["", "/regenerate", "/delete"] {
        eyes.visit(&format!("/console/settings/psk{part}")).await;
    }
    for key_type in ["Digital Channels", "Client"] {
        eyes.browser.open(&eyes.site.at("/console/keys/new")).await;
        choose_type(&eyes.browser, key_type, true).await;
        eyes.look(&format!("the form of {key_type}")).await;
        eyes.browser.fill("#panel", "Name", key_type).await;
        if key_type == "Client" {
            eyes.browser.click("#panel", "Generate token").await;
        } else {
            eyes.browser.tick("#panel", "Chat", true).await;
            eyes.browser.click("#panel", "Create API key").await;
        }
        eyes.secret(key_type).await;
    }
    eyes.browser.open(&eyes.site.at("/console/persons/new")).await;
    eyes.browser.fill("#panel", "User name", "new.person").await;
    eyes.browser.click("#panel", "Create person").await;
    eyes.secret("a new person's password").await;
    eyes.end().await;
}

/// Keys in every status.
async fn keys(site: &Site) -> Vec<String> {
    let nexus = site.world.person(NEXUS).await;
    let chat = json!({ "permissions": ["nexus:consumer:chat"] });
    let mut ids = Vec::new();
    for status in ["disabled", "revoked", "expired", "soon", "unacknowledged"] {
        let mut wanted = match status {
            "unacknowledged" => key(status, "client", &json!({})),
            _ => key(status, "nexus", &chat),
        };
        match status {
            "expired" => wanted["expires"] = json!(format!("{}:00Z", site.today(1))),
            "soon" => wanted["expires"] = json!(format!("{}:00Z", site.today(12))),
            "disabled" => wanted["enabled"] = json!(false),
            _ => {}
        }
        let made = make_key(&nexus, wanted).await;
        let id = made["id"].as_str().expect("an id").to_owned();
        if status == "revoked" {
            let reason = json!({"reason": "It leaked."});
            let answer = nexus.post(&format!("/v1/keys/{id}/revoke"), &reason).await;
            assert!(answer.status.is_success(), "{}", answer.text());
        }
        ids.push(id);
    }
    site.world.clock.advance_millis(2 * 24 * 60 * 60 * 1000);
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_every_status_and_what_is_said_of_them_are_for_everybody() {
    let mut eyes = Eyes::open().await;
    let ids = keys(&eyes.site).await;
    sign_in(&eyes.browser, &eyes.site, NEXUS).await;
    eyes.visit("/console/keys").await;
    for id in &ids {
        eyes.visit(&format!("/console/keys/{id}")).await;
    }
    for part in ["edit", "revoke", "delete"] {
        eyes.visit(&format!("/console/keys/{}/{part}", ids[1])).await;
    }
    eyes.visit(&format!("/console/keys/{}/edit", ids[2])).await;
    let nexus = eyes.site.world.person(NEXUS).await;
    let made =
        make_key(&nexus, key("Orders", "api", &json!({"permissions": ["orders:read"]}))).await;
    for (secret, said) in [(&made["secret"], "Valid API key"), (&json!("kw_no"), "Invalid API key")]
    {
        eyes.browser.open(&eyes.site.at("/console/validate")).await;
        eyes.browser.fill("main", "API key", secret.as_str().expect("a secret")).await;
        eyes.browser.click("main", "Validate API key").await;
        eyes.browser.there("#result").await;
        eyes.look(said).await;
        eyes.browser.open(&eyes.site.at("/console/setup?type=api")).await;
        eyes.browser.fill("main", "API key", secret.as_str().expect("a secret")).await;
        eyes.browser.click("main", "Send test call").await;
        eyes.browser.there("#result").await;
        eyes.look(&format!("a test call with a key that is {said}")).await;
    }
    eyes.browser.open(&eyes.site.at("/console/audit/check")).await;
    eyes.browser.click("main", "Check now").await;
    eyes.browser.shows("Unbroken").await;
    eyes.look("the audit log, checked").await;
    eyes.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_empty_or_filtered_to_nothing_is_for_everybody() {
    let mut eyes = Eyes::open().await;
    // Somebody of a contact center in which nothing was ever made.
    sign_in(&eyes.browser, &eyes.site, r"t200\bob").await;
    let own = format!("/console/tenants/{OTHER_TENANT}");
    for page in ["", "/keys", "/clients", "/persons", "/roles", "/key-types", "/audit", "/settings"]
    {
        eyes.visit(&format!("/console{page}")).await;
    }
    for page in ["/cors", "/key-policies"] {
        eyes.visit(&format!("{own}{page}")).await;
    }
    for page in [
        "/keys?search=no+such+thing",
        "/keys?permission=no%3Asuch%3Athing",
        "/keys?soon=on&unavailable=on&search=x",
        "/clients?search=no-such-thing",
        "/persons?search=no-such-thing",
        "/tenants?search=no-such-thing",
        "/audit?actor=no-such-thing",
        "/audit?key=no-such-thing",
        "/audit?from=2026-02-30&to=x",
    ] {
        eyes.visit(&format!("/console{page}")).await;
    }
    eyes.end().await;
}

/// Opens something by a click, and looks at it.
async fn opened(eyes: &mut Eyes, page: &str, (within, name): (&str, &str), there: &str) {
    eyes.browser.open(&eyes.site.at(page)).await;
    eyes.browser.bring(within, name).await;
    eyes.browser.click(within, name).await;
    eyes.browser.there(there).await;
    eyes.look(&format!("{page}, {name}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_opens_and_what_ends_is_for_everybody() {
    let mut eyes = Eyes::open().await;
    eyes.browser.open(&eyes.site.at("/console/sign-in")).await;
    eyes.browser.fill("", "User name", "nobody").await;
    eyes.browser.fill("", "Password", "no such password").await;
    eyes.browser.click("main", "Sign in").await;
    eyes.browser.there("#wrong").await;
    eyes.look("a sign-in that failed").await;

    let nexus = eyes.site.world.person(NEXUS).await;
    let shop = key("Shop", "nexus", &json!({ "permissions": ["nexus:consumer:chat"] }));
    let made = make_key(&nexus, shop).await;
    // Some calls, for the charts.
    for secret in [&made["secret"], &json!("kw_no")] {
        nexus.post("/v1/keys/verify", &json!({ "secret": secret })).await;
    }
    eyes.site.world.service.flush_usage().await;
    eyes.site.world.clock.advance_millis(1_000);
    eyes.site.world.service.roll_up_usage().await.expect("the calls are counted");
    sign_in(&eyes.browser, &eyes.site, NEXUS).await;
    eyes.visit(&format!("/console/keys/{}/usage", made["id"].as_str().expect("an id"))).await;
    for (page, what, there) in [
        ("/console", ("header", "nexus"), "details.me[open] .me-menu"),
        ("/console", ("main", "All numbers in a table"), "main details[open] table"),
        ("/console/keys", ("main", "Add API key"), "#panel"),
        ("/console/keys", ("#results", "Edit Shop"), "#panel form"),
        ("/console/keys", ("#results", "Audit Shop"), "#panel .event"),
        ("/console/keys", ("#results", "Delete Shop"), "#panel form"),
        ("/console/keys/new?type=nexus", ("#panel", "More settings"), "#panel details[open]"),
        ("/console/validate", ("main", "As a call from"), "main details[open]"),
        ("/console/settings", ("main", "What you may do"), "main details[open]"),
        ("/console/audit", ("main", "Key made"), "main details[open] .event-body"),
        ("/console/clients/new", ("#panel", "Lifetimes, and what"), "#panel details[open]"),
    ] {
        opened(&mut eyes, page, what, there).await;
    }
    eyes.browser.open(&eyes.site.at("/console/keys")).await;
    eyes.browser.size(320, 900).await;
    eyes.browser.click("", "Menu").await;
    eyes.findings.extend(seen(&eyes.browser, "the menu, open", 320).await);

    // A session with three minutes left: the page is told so before its own script asks.
    let ends = "new MutationObserver((_, observer) => { \
            const body = document.body; if (!body?.dataset.now) return; \
            body.dataset.ends = String(Number(body.dataset.now) + 180000); \
            body.dataset.extendable = 'true'; observer.disconnect(); \
        }).observe(document, { childList: true, subtree: true });";
    eyes.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": ends })).await;
    eyes.browser.open(&eyes.site.at("/console/keys/new?type=nexus")).await;
    eyes.browser.there("#session-end button").await;
    eyes.look("a session that ends soon").await;
    eyes.end().await;
}
