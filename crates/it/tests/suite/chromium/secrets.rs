//! What a page showed once is nowhere once it is left.

use super::{choose_type, secret, sign_in};
use it::chromium::{Chromium, Site};
use serde_json::json;

/// Whatever the browser still has at hand of a page: its address and title, what stands in it, where one has
/// been, and what pages may keep.
const AT_HAND: &str = "const kept = [location.href, document.title, document.documentElement.outerHTML];
    try { kept.push(JSON.stringify(Object.entries(localStorage)), JSON.stringify(Object.entries(sessionStorage))); }
    catch { /* a page of the browser's own */ }
    try { kept.push(JSON.stringify(history.state), window.name, document.cookie); } catch { /* the same */ }
    for (const e of window.navigation?.entries() ?? []) kept.push(e.url ?? '');
    return kept.join('\\n');";

#[tokio::test(flavor = "multi_thread")]
async fn wb_06_a_secret_is_nowhere_once_its_page_is_left() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    for scripts in [true, false] {
        browser.scripts(scripts).await;
        sign_in(&browser, &site, r"t100\nexus").await;
        browser.open(&site.at("/console/keys/new")).await;
        choose_type(&browser, "Client", scripts).await;
        browser.fill("#panel", "Name", "Once").await;
        browser.click("#panel", "Generate token").await;
        let secret = secret(&browser, scripts).await;
        assert!(secret.len() > 20, "{}", secret.len());
        let page = browser.script(AT_HAND, json!([])).await;
        let head = page.as_str().unwrap().split('\n').take(2).collect::<String>();
        assert!(!head.contains(&secret), "neither address nor title of its own page hold it");
        browser.tick("main", "I have stored this", true).await;
        browser.click("main", "Done").await;
        browser.at("/console/keys").await;
        for step in ["left", "back", "back again", "forth"] {
            match step {
                "left" => {}
                "forth" => browser.forth().await,
                _ => browser.back().await,
            }
            let kept = browser.script(AT_HAND, json!([])).await;
            assert!(!kept.as_str().unwrap().contains(&secret), "{step}, scripts {scripts}");
        }
    }
}
