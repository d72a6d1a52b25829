//! A keyboard suffices: each journey by Tab, Enter, the space bar, Escape, arrows and letters alone, and whoever
//! goes along sees at each stop where they are.

mod chat;
mod experience;
mod finding;
mod personal;
mod viewer;

use super::{lists, row};
use it::{
    chromium::{Chromium, Site, key},
    world::PASSWORD,
};
use serde_json::json;

/// Stops at most on the way to something.
const MOST_STOPS: usize = 300;
const HOME: &str = "\u{e011}";
const UP: &str = "\u{e013}";
const END: &str = "\u{e010}";

/// What has the focus; and whether that can be seen: a ring is drawn around it (of a box that is drawn by what stands
/// beside it, around that), it is on the screen, and nothing lies over the whole of it.
const AT: &str = r"
const e = document.activeElement;
if (!e || e === document.body || e === document.documentElement) return ['', ''];
const isRinged = (x) => {
  const style = x && getComputedStyle(x);
  return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && !/, 0\)$/.test(style.outlineColor);
};
if (!isRinged(e) && !isRinged(e.nextElementSibling)) return [nameOf(e), 'has no ring'];
const rects = [...e.getClientRects()];
const points = rects.flatMap((r) => [.5, .1, .9].flatMap((x) => [.5, .1, .9].map((y) => [r.left + r.width * x, r.top + r.height * y])));
const isSeen = ([x, y]) => {
  const hit = document.elementFromPoint(x, y);
  return hit && (hit.contains(e) || e.contains(hit) || hit.closest('label')?.contains(e));
};
return [nameOf(e), points.some(isSeen) ? '' : 'is out of sight'];";

/// One stop further; what has the focus there, by its name. It is empty where the page ends.
async fn step(browser: &Chromium) -> String {
    browser.press(&[key::TAB]).await;
    at(browser).await
}

/// What has the focus, which is seen.
async fn at(browser: &Chromium) -> String {
    let said = browser.script(AT, json!([])).await;
    let (name, wrong) = (said[0].as_str().unwrap_or_default(), &said[1]);
    assert_eq!(wrong, "", "{name:?} has the focus and {wrong}, at {}", browser.url().await);
    name.to_owned()
}

/// Whether something is called so. A name that ends in `…` is the beginning of one.
fn is_called(name: &str, wanted: &str) -> bool {
    name == wanted || wanted.strip_suffix('…').is_some_and(|begin| name.starts_with(begin))
}

/// Goes on by Tab to what is called so.
async fn go(browser: &Chromium, wanted: &str) {
    let mut passed = Vec::new();
    for _ in 0..MOST_STOPS {
        let name = step(browser).await;
        if is_called(&name, wanted) {
            return;
        }
        passed.push(name);
    }
    panic!("no way to {wanted:?} at {}; it leads past {passed:?}", browser.url().await);
}

/// Goes on to what is called so, and presses it.
async fn press(browser: &Chromium, wanted: &str) {
    go(browser, wanted).await;
    browser.press(&[key::ENTER]).await;
}

/// Goes on to the box or switch that is called so, and turns it.
async fn turn(browser: &Chromium, wanted: &str) {
    go(browser, wanted).await;
    browser.press(&[key::SPACE]).await;
}

/// Goes on to a field, and types into it, in the place of what stands there.
async fn write(browser: &Chromium, label: &str, text: &str) {
    go(browser, label).await;
    browser.press(&[END]).await;
    browser.press_with_shift(HOME).await;
    browser.type_text(text).await;
}

/// Goes on to a list of choices, and there to the one that begins so.
async fn choose(browser: &Chromium, label: &str, wanted: &str) {
    go(browser, label).await;
    let chosen = "const e = document.activeElement; \
        return [e.selectedIndex, [...e.options].findIndex((o) => squeezed(o.textContent).startsWith(arguments[0]))];";
    let places = browser.script(chosen, json!([wanted])).await;
    let (from, to) = (places[0].as_i64().expect("a choice"), places[1].as_i64().expect("another"));
    assert!(to >= 0, "{label} has no {wanted}");
    let arrow = if to > from { key::DOWN } else { UP };
    for _ in 0..from.abs_diff(to) {
        browser.press(&[arrow]).await;
    }
    let is_there = "squeezed(document.activeElement.selectedOptions?.[0]?.textContent).startsWith(arguments[0])";
    browser.until(&format!("{wanted} is chosen"), is_there, json!([wanted])).await;
}

/// Chooses what kind of key it is to be; the form follows, and the focus stays where one chooses.
async fn choose_type(browser: &Chromium, label: &str) {
    choose(browser, "Key type", label).await;
    let follows = "document.querySelector('#panel:not([aria-busy]) form[data-key-form] input[name=type]')?.value \
        === document.querySelector('#new-type').value && document.activeElement.id === 'new-type'";
    browser.until("the form follows", follows, json!([])).await;
}

/// Waits until a panel is open, and the focus in it.
async fn in_panel(browser: &Chromium) {
    let inside = "document.querySelector('#panel')?.contains(document.activeElement)";
    browser.until("the focus is in the panel", inside, json!([])).await;
}

/// Signs in.
async fn enter(browser: &Chromium, site: &Site, person: &str) {
    browser.forget().await;
    browser.open(&site.at("/console/sign-in")).await;
    let (tenant, name) = person.split_once('\\').unwrap_or(("", person));
    write(browser, "Tenant", tenant).await;
    write(browser, "User name", name).await;
    write(browser, "Password", PASSWORD).await;
    browser.press(&[key::ENTER]).await;
    browser.at("/console").await;
    browser.there("nav").await;
}

/// By the menu to a page, and past the menu to what stands there.
async fn visit(browser: &Chromium, page: &str) {
    let before = browser.script("return performance.timeOrigin;", json!([])).await;
    press(browser, page).await;
    let there = "performance.timeOrigin !== arguments[0] && document.readyState === 'complete' \
        && squeezed(document.querySelector('nav [aria-current=page]')?.textContent) === arguments[1]";
    browser.until(&format!("the page {page}"), there, json!([before, page])).await;
    past_the_menu(browser).await;
}

/// The first stop of each page leads past the menu.
async fn past_the_menu(browser: &Chromium) {
    assert_eq!(step(browser).await, "Skip to the content");
    browser.press(&[key::ENTER]).await;
    browser.until("the focus is there", "document.activeElement.id === 'main'", json!([])).await;
}

/// Looks at a secret that is shown once, and goes on.
async fn store(browser: &Chromium) -> String {
    browser.there("[data-secret-text]").await;
    press(browser, "Show the…").await;
    let secret = browser.inside("[data-secret-text]").await;
    assert!(!secret.contains('•'), "it is shown: {secret}");
    if browser.has("#stored").await {
        turn(browser, "I have stored this…").await;
    }
    press(browser, "Done").await;
    browser.until("it is gone", "!document.querySelector('[data-secret-text]')", json!([])).await;
    secret
}

/// A browser in which nothing moves by itself.
async fn browser() -> Chromium {
    let browser = Chromium::start().await;
    browser.dark(false).await;
    browser.size(1440, 900).await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn escape_closes_a_panel_and_the_focus_is_where_it_was() {
    let site = Site::start().await;
    let nexus = site.world.person(r"t100\nexus").await;
    let shop = json!({"keyType": "nexus", "name": "Shop", "permissions": ["nexus:consumer:chat"]});
    super::make_key(&nexus, shop).await;
    let browser = browser().await;
    enter(&browser, &site, r"t100\nexus").await;
    visit(&browser, "API keys").await;
    for action in ["Edit Shop", "Make a copy of Shop", "Audit Shop", "Revoke Shop", "Delete Shop"] {
        press(&browser, action).await;
        in_panel(&browser).await;
        browser.press(&[key::ESCAPE]).await;
        browser.until("the panel is closed", "!document.querySelector('#panel')", json!([])).await;
        let back = "nameOf(document.activeElement) === arguments[0]";
        browser.until("the focus is back", back, json!([action])).await;
    }
    // Backwards, too.
    browser.press_with_shift(key::TAB).await;
    assert_eq!(at(&browser).await, "Revoke Shop");

    press(&browser, "Edit Shop").await;
    in_panel(&browser).await;
    write(&browser, "Requests", "120").await;
    write(&browser, "Seconds", "60").await;
    press(&browser, "Save").await;
    browser.shows("The key is changed").await;
    press(&browser, "NE nexus…").await;
    press(&browser, "Sign out").await;
    browser.shows("You are signed out").await;
}
