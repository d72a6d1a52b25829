//! What a page showed once is nowhere once it is left.

use super::{make_key, secret, sign_in};
use it::chromium::{Chromium, Site};
use serde_json::{Value, json};

const NEXUS: &str = r"t100\nexus";

/// Whatever the browser still has at hand of a page: its address and title, what stands in it, where one has
/// been, and what pages may keep.
const AT_HAND: &str = "const kept = [location.href, document.title, document.documentElement.outerHTML];
    try { kept.push(JSON.stringify(Object.entries(localStorage)), JSON.stringify(Object.entries(sessionStorage))); }
    catch { /* a page of the browser's own */ }
    try { kept.push(JSON.stringify(history.state), window.name, document.cookie); } catch { /* the same */ }
    for (const e of window.navigation?.entries() ?? []) kept.push(e.url ?? '');
    return kept.join('\\n');";
/// What pages of this origin keep beside that, by name: databases, caches, workers.
const STORED: &str = "return (async () => [
    ...(await indexedDB.databases()).map((database) => database.name), ...(await caches.keys()),
    ...(await navigator.serviceWorker.getRegistrations()).map((worker) => worker.scope)])();";

/// A page that shows a secret: the address of its form, what is typed there, and what is pressed.
struct Shown {
    page: String,
    name: Option<(&'static str, &'static str)>,
    button: &'static str,
}

/// All that show one, with things that are there.
async fn all(site: &Site) -> Vec<Shown> {
    let nexus = site.world.person(NEXUS).await;
    let chat = json!({"keyType": "nexus", "name": "Chat", "permissions": ["nexus:consumer:chat"]});
    let deployment = json!({ "keyType": "deployment", "name": "Deployed" });
    let id = |made: Value| made["id"].as_str().expect("an id").to_owned();
    let chat = format!("/console/keys/{}", id(make_key(&nexus, chat).await));
    let deployment = format!("/console/keys/{}", id(make_key(&nexus, deployment).await));
    let found: Value = nexus.get("/v1/persons?search=vera").await.json();
    let person = id(found["persons"][0].clone());
    let typed = |label, text| Some((label, text));
    [
        ("/console/keys/new?type=client".to_owned(), typed("Name", "Once"), "Generate token"),
        (format!("{chat}/reveal"), None, "Reveal the key"),
        (format!("{chat}/rotate"), None, "Rotate the key"),
        (format!("{deployment}/regenerate"), None, "Regenerate the key"),
        ("/console/settings/psk/regenerate".to_owned(), None, "Regenerate"),
        ("/console/clients/new".to_owned(), typed("Client id", "once"), "Add the client"),
        ("/console/clients/service-a/regenerate-secret".to_owned(), None, "Regenerate the secret"),
        (format!("/console/persons/{person}/password"), None, "Set password"),
    ]
    .map(|(page, name, button)| Shown { page, name, button })
    .into()
}

/// Asserts that nothing of a secret is at hand, wherever one goes from here.
async fn is_gone(browser: &Chromium, secret: &str, page: &str) {
    for step in ["left", "back", "back again", "forth"] {
        match step {
            "left" => {}
            "forth" => browser.forth().await,
            _ => browser.back().await,
        }
        let kept = browser.script(AT_HAND, json!([])).await;
        assert!(!kept.as_str().expect("a text").contains(secret), "{page}, {step}");
    }
}

/// Opens the page, and what it shows.
async fn shown(browser: &Chromium, site: &Site, what: &Shown, scripts: bool) -> String {
    browser.open(&site.at(&what.page)).await;
    if let Some((label, text)) = what.name {
        let text = if scripts { text.to_owned() } else { format!("{text}-more") };
        browser.fill("#panel", label, &text).await;
    }
    browser.click("#panel form[method=post]", what.button).await;
    let secret = secret(browser, scripts).await;
    assert!(secret.len() >= 15, "{}: {}", what.page, secret.len());
    let at_hand = browser.script(AT_HAND, json!([])).await;
    let head = at_hand.as_str().expect("a text").split('\n').take(2).collect::<String>();
    assert!(!head.contains(&secret), "neither address nor title of its own page hold it");
    secret
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_06_a_secret_is_nowhere_once_its_page_is_left() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    let psk = site.world.person(NEXUS).await;
    let psk = psk.post("/api/user/psk", &json!({ "description": "mine" })).await;
    assert!(psk.status.is_success(), "{}", psk.text());
    sign_in(&browser, &site, NEXUS).await;
    for scripts in [true, false] {
        browser.scripts(scripts).await;
        let all = all(&site).await;
        for what in &all {
            // Left without a word.
            let secret = shown(&browser, &site, what, scripts).await;
            browser.leave(&site.at("/console/settings")).await;
            browser.at("/console/settings").await;
            is_gone(&browser, &secret, &what.page).await;
            if scripts {
                browser.open(&site.at("/console/settings")).await;
                assert_eq!(browser.script(STORED, json!([])).await, json!([]), "{}", what.page);
            }
        }
        // Left as it is meant.
        let once = Shown { name: Some(("Name", "Stored")), page: all[0].page.clone(), ..all[0] };
        let secret = shown(&browser, &site, &once, scripts).await;
        browser.tick("main", "I have stored this", true).await;
        browser.click("main", "Done").await;
        // Without scripts the page of the secret has the address of the list, too.
        browser.there("#results").await;
        is_gone(&browser, &secret, "a key that is stored").await;
    }
}
