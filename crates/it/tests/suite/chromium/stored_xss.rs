//! Whatever text somebody stores, no page runs it: 200 texts that want to be run, and others that confuse, in
//! every field that keeps text.

mod addresses;
mod forms;
mod things;

use super::{pages::furnished, sign_in};
use it::{
    Caller,
    chromium::{Chromium, Site},
    world::TENANT,
};
use serde_json::{Value, json};

const PAYLOADS: &str = include_str!("../../../corpus/xss/payloads.txt");
const NAUGHTY: &str = include_str!("../../../corpus/xss/naughty.txt");
/// As much as the narrowest of the long fields takes.
const LONG: usize = 900;

/// Sends a text to be kept; whether it was. What a field's own rules refuse is not stored, and runs nowhere.
async fn keeps(caller: &Caller, path: &str, body: &Value) -> Option<Value> {
    let answer = caller.post(path, body).await;
    assert!(answer.status.as_u16() < 500, "{path} {body}: {}", answer.text());
    answer.status.is_success().then(|| answer.json())
}

/// All of them.
fn texts() -> impl Iterator<Item = &'static str> {
    PAYLOADS.lines().chain(NAUGHTY.lines())
}

/// Texts that fit together into one field of so many bytes. Those with a tab come alone: a field that refuses it
/// would refuse all that came with it.
fn packed<'a>(texts: impl Iterator<Item = &'a str>, long: usize) -> Vec<String> {
    let mut packs = vec![String::new()];
    for text in texts.filter(|text| !text.contains(char::is_control)) {
        if packs.last().is_none_or(|pack| pack.len() + text.len() >= long) {
            packs.push(String::new());
        }
        let pack = packs.last_mut().expect("a pack");
        pack.push_str(text);
        pack.push(' ');
    }
    packs
}

/// Addresses of pages about what keeps these texts.
async fn stored(site: &Site) -> Vec<String> {
    let admin = site.world.person(r"t100\nexus").await;
    let texts: Vec<&str> = texts().collect();
    assert!(PAYLOADS.lines().count() >= 200, "{}", PAYLOADS.lines().count());
    let (mut kept, mut addresses) = (0, Vec::new());
    for text in &texts {
        let key =
            json!({"keyType": "api", "name": text, "description": text, "permissions": ["a:b"]});
        kept += usize::from(keeps(&admin, "/v1/keys", &key).await.is_some());
    }
    assert!(kept > 200, "names of keys take texts: {kept}");
    for pack in packed(texts.iter().copied(), LONG) {
        let pack = pack.trim();
        let key =
            json!({"keyType": "nexus", "name": "ended", "permissions": ["nexus:consumer:chat"]});
        let made = keeps(&admin, "/v1/keys", &key).await.expect("a key");
        let id = made["id"].as_str().expect("an id");
        let revoke = format!("/v1/keys/{id}/revoke");
        let revoked = keeps(&admin, &revoke, &json!({ "reason": pack })).await;
        assert!(revoked.is_some(), "no reason for a revocation: {pack}");
        addresses.push(format!("/console/keys/{id}"));
        let key = json!({"keyType": "client", "name": "packed", "description": pack});
        let made = keeps(&admin, "/v1/keys", &key).await;
        let made = made.unwrap_or_else(|| panic!("no description of a key: {pack}"));
        let id = made["id"].as_str().expect("an id");
        for part in ["", "/edit", "/copy", "/delete", "/revoke", "/audit"] {
            addresses.push(format!("/console/keys/{id}{part}"));
        }
    }
    let mut named = 0;
    for (at, text) in texts.iter().enumerate() {
        let client = json!({"clientId": format!("c{at}"), "name": text, "description": text,
            "grants": ["client_credentials"], "scopes": ["*"]});
        if at % 5 == 0 && keeps(&admin, "/v1/clients", &client).await.is_some() && at % 25 == 0 {
            addresses.push(format!("/console/clients/c{at}"));
            addresses.push(format!("/console/clients/c{at}/edit"));
        }
        if at % 7 == 0 {
            let person = json!({"username": text, "roles": []});
            keeps(&admin, "/v1/persons", &person).await;
            let person = json!({"username": format!("p{at}"), "roles": [],
                "givenName": text, "familyName": text});
            named += usize::from(keeps(&admin, "/v1/persons", &person).await.is_some());
            let key_type = json!({"name": format!("t{at}"), "description": text,
                "format": {"kind": "random", "prefix": format!("t{at}_")}});
            keeps(&admin, "/v1/key-types", &key_type).await;
        }
    }
    assert!(named > 20, "names of persons take texts: {named}");
    addresses
}

/// Asserts that nothing ran on the page that is open, and that nothing tried.
async fn is_inert(browser: &Chromium, at: &str) {
    assert_eq!(browser.hit().await, None, "something ran at {at}");
    assert_eq!(
        browser.stopped().await,
        Vec::<String>::new(),
        "the policy had to stop something at {at}"
    );
    let script = "return [...document.querySelectorAll('*')].filter((e) => [...e.attributes]\
        .some((a) => a.name.startsWith('on') || /^\\s*(javascript|data|vbscript):/i.test(a.value) && a.name !== 'value'))\
        .map((e) => e.outerHTML.slice(0, 200)).concat([...document.querySelectorAll('script:not([src^=\"/console/assets/\"])')]\
        .map((e) => e.outerHTML.slice(0, 200)));";
    assert_eq!(
        browser.script(script, json!([])).await,
        json!([]),
        "elements of somebody else's at {at}"
    );
}

/// The pages of a long list, by its own links; how many there were, or as many as are looked at.
async fn walk(browser: &Chromium, site: &Site, list: &str) -> usize {
    const MOST_PAGES: usize = 30;
    const ON: &str = "const e = find(PRESSED, 'Next page', 'main') ?? find(PRESSED, 'Older events', 'main'); \
        return e ? e.href : null;";
    browser.open(&site.at(list)).await;
    for page in 1..MOST_PAGES {
        is_inert(browser, &format!("{list}, page {page}")).await;
        let link = browser.script(ON, json!([])).await;
        let Some(link) = link.as_str() else { return page };
        browser.open(link).await;
    }
    MOST_PAGES
}

/// What scripts fetch and put into the page runs no more than what came with it.
async fn searched(browser: &Chromium, site: &Site) {
    browser.open(&site.at("/console/keys")).await;
    for text in PAYLOADS.lines().step_by(20) {
        browser.fill("form.filters", "Search", text).await;
        // The field holds no line's end, and the address says what the page is of.
        let follows = "new URLSearchParams(location.search).get('search')?.trim() === arguments[0].trim() \
            && !document.querySelector('#results[aria-busy=true]')";
        browser.until(&format!("the list of {text}"), follows, json!([text])).await;
        is_inert(browser, text).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_05_no_text_that_is_stored_runs_on_any_page() {
    let site = Site::start().await;
    let mut addresses = furnished(&site.world).await;
    addresses.extend(stored(&site).await);
    addresses.push("/console/audit?actor=%3Cimg+src%3Dx+onerror%3D__hit%3D1%3E".to_owned());
    addresses.push(
        "/console/keys?search=%22%3E%3Cscript%3E__hit%3D1%3C%2Fscript%3E&done=%3Cb%3E".to_owned(),
    );
    let browser = Chromium::start().await;
    browser.watch().await;
    sign_in(&browser, &site, r"t100\nexus").await;
    for path in &addresses {
        browser.open(&site.at(path)).await;
        is_inert(&browser, path).await;
    }
    for list in ["/console/keys", "/console/audit", "/console/clients", "/console/persons"] {
        let pages = walk(&browser, &site, list).await;
        assert!(pages > 1, "{list} has {pages} page");
    }
    searched(&browser, &site).await;
    browser.open(&site.at("/console/keys?type=client")).await;
    browser.click("#results", "Edit").await;
    browser.there("#panel").await;
    is_inert(&browser, "the panel").await;
    let answer = site.world.person("ops").await.get(&format!("/v1/tenants/{TENANT}")).await;
    assert_eq!(answer.status, 200);
}
