//! What a person does with a secret on its page: copies it, calls with it, and does not lose it by accident.

use super::{choose_type, sign_in};
use it::chromium::{Chromium, Site, key};
use serde_json::json;
use std::process::Command;

/// A clipboard that says nothing before it is told what.
const CLIPBOARD: &str =
    "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: {
    writeText: (text) => new Promise((yes, no) => {
        window.__copied = text;
        window.__yes = () => yes();
        window.__no = () => no(new DOMException('denied', 'NotAllowedError'));
    }) } });";
/// What the page says of copying.
const SAID: &str = "return document.querySelector('main [data-secret-said]').textContent;";
/// A secret that a shell would take for something else.
const ODD: &str = r#"it's "$HOME" `id` $(id) !! \n \ 100% #x"#;
/// Puts another secret in the place of the one on the page, as if it had come with it.
const OTHER: &str =
    "const page = document.querySelector('[data-secret-page]'), other = page.cloneNode(true);
    other.querySelector('[data-secret-text]').textContent = arguments[0];
    delete other.dataset.begun;
    page.replaceWith(other);
    document.dispatchEvent(new CustomEvent('swapped', { detail: other }));";

/// A page with the secret of a new key.
async fn made(browser: &Chromium, site: &Site, key_type: &str, name: &str) {
    browser.open(&site.at("/console/keys")).await;
    browser.click("main", "Add API key").await;
    browser.there("#panel").await;
    choose_type(browser, key_type, true).await;
    browser.fill("#panel", "Name", name).await;
    let button = if key_type == "Client" { "Generate token" } else { "Create API key" };
    browser.click("#panel", button).await;
    browser.there("[data-secret-text]").await;
}

/// Presses a button that copies; what went to the clipboard, which took it.
async fn copied(browser: &Chromium, button: &str) -> String {
    browser.script(CLIPBOARD, json!([])).await;
    browser.click("main [data-secret-page]", button).await;
    let text = browser.until("something is copied", "window.__copied ?? null", json!([])).await;
    let before = browser.script(SAID, json!([])).await;
    browser.script("window.__yes(); window.__copied = null;", json!([])).await;
    let said = "(() => { const text = document.querySelector('[data-secret-said]').textContent; \
        return text !== arguments[0] && /copied|Copied/.test(text) && text; })()";
    browser.until("it is said", said, json!([before])).await;
    text.as_str().expect("a text").to_owned()
}

/// What a shell makes of this text.
fn shell(text: &str) -> String {
    let output = Command::new("bash").args(["-c", text]).env("HOME", "/elsewhere").output();
    let output = output.expect("a shell");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.is_empty(), "{text}\n{said}");
    String::from_utf8(output.stdout).expect("text")
}

/// The clipboard is asked, and what it says is what is told.
async fn told(browser: &Chromium) {
    browser.script(CLIPBOARD, json!([])).await;
    browser.click("main", "Copy the API key").await;
    browser.until("it is asked", "window.__copied ?? null", json!([])).await;
    assert_eq!(browser.script(SAID, json!([])).await, "", "the clipboard has said nothing");
    assert!(browser.inside("[data-secret-text]").await.starts_with('•'));
    browser.script("window.__no();", json!([])).await;
    browser.shows("The browser did not let us copy").await;
    let said = browser.script(SAID, json!([])).await;
    assert!(!said.as_str().expect("a text").contains("copied"), "{said}");
    let marked = "return getSelection().toString() === document.querySelector('[data-secret-text]').textContent;";
    assert_eq!(browser.script(marked, json!([])).await, true, "it is shown and marked");
}

/// As text, as a call and as a line: a shell reads each of them as what it is.
async fn forms(browser: &Chromium, name: &str) {
    for secret in [None, Some(ODD)] {
        if let Some(odd) = secret {
            browser.script(OTHER, json!([odd])).await;
        }
        let wanted = match secret {
            Some(odd) => odd.to_owned(),
            None => browser.inside("[data-secret-text]").await,
        };
        assert_eq!(copied(browser, "Copy the API key").await, wanted);
        let call = copied(browser, "curl").await;
        let words = shell(&format!("curl() {{ printf '%s\\n' \"$@\"; }}\n{call}"));
        let bearer = format!("Authorization: Bearer {wanted}");
        assert!(words.lines().any(|word| word == bearer), "{call}\n{words}");
        assert!(words.starts_with("http://127.0.0.1:"), "{words}");
        let line = copied(browser, ".env").await;
        assert!(line.starts_with(&format!("{name}=")) && !line.contains('\n'), "{line}");
        assert_eq!(shell(&format!("{line}\nprintf %s \"${name}\"")), wanted, "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_called_copied_when_the_clipboard_took_it_and_a_shell_reads_it_as_it_is() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    sign_in(&browser, &site, r"t100\nexus").await;
    made(&browser, &site, "API", "Orders").await;
    told(&browser).await;
    let secret = browser.inside("[data-secret-text]").await;
    forms(&browser, "ORDERS_KEY").await;

    // The page waits for the first call, and tells when it came.
    made(&browser, &site, "API", "Second").await;
    browser.there("[data-seen]:not(.is-seen)").await;
    browser.click("main", "Show the").await;
    let second = browser.inside("[data-secret-text]").await;
    assert_ne!(second, secret);
    let called = site.world.anonymous().bearer(&second).get("/v1/whoami").await;
    assert_eq!(called.status, 200, "{}", called.text());
    site.world.service.flush_usage().await;
    site.world.clock.advance_millis(1_000);
    site.world.service.roll_up_usage().await.expect("the calls are counted");
    browser.there("[data-seen].is-seen").await;
    browser.shows("First request seen").await;
}

/// Leaves by a link; whether the browser asked before.
async fn asks(browser: &Chromium) -> bool {
    browser.asked_before_leaving().await;
    browser.click("", "Overview").await;
    let there = "document.readyState === 'complete' && location.pathname === '/console'";
    browser.until("the overview", there, json!([])).await;
    browser.asked_before_leaving().await
}

/// A form of a new key, with a name.
async fn typing(browser: &Chromium, site: &Site) {
    browser.open(&site.at("/console/keys")).await;
    browser.click("main", "Add API key").await;
    browser.there("#panel").await;
    choose_type(browser, "Client", true).await;
    browser.fill("#panel", "Name", "Typed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_a_secret_nor_what_was_typed_is_lost_by_accident() {
    let site = Site::start().await;
    let browser = Chromium::start().await;
    sign_in(&browser, &site, r"t100\nexus").await;
    typing(&browser, &site).await;
    for beside in ["main h1", "#results .count"] {
        browser.click_at(beside).await;
        assert_eq!(browser.value("#panel", "Name").await, "Typed", "a click outside loses nothing");
    }
    assert!(asks(&browser).await, "what was typed would be lost");
    assert!(!asks(&browser).await, "nothing is lost");
    typing(&browser, &site).await;
    browser.click("#panel", "Generate token").await;
    browser.there("[data-secret-text]").await;
    browser.click("main", "Show the").await;
    let secret = browser.inside("[data-secret-text]").await;
    browser.click_at("main h1").await;
    browser.press(&[key::ESCAPE]).await;
    assert_eq!(browser.inside("[data-secret-text]").await, secret);
    assert!(asks(&browser).await, "the key would be lost");
    typing(&browser, &site).await;
    browser.click("#panel", "Generate token").await;
    browser.there("[data-secret-text]").await;
    browser.asked_before_leaving().await;
    browser.tick("main", "I have stored this", true).await;
    browser.click("main", "Done").await;
    browser.there("#results").await;
    assert!(!browser.asked_before_leaving().await, "it is stored");
}
