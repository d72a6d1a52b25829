//! What a form refuses it shows again, so that it can be mended: as text.

use super::{super::pages::furnished, is_inert, packed, sign_in, texts};
use it::chromium::{Chromium, Site};
use serde_json::json;

/// More than any field takes.
const LONG: usize = 2400;
/// Into every field that holds text that may be shown again.
const EVERYWHERE: &str = "return e.matches('textarea, input:not([type=hidden], [type=checkbox], [type=radio], \
    [type=password])') ? text : null;";
const IS_SHOWN: &str = "return [...document.querySelectorAll('input, textarea')]\
    .some((e) => e.value.includes('__hit'));";

/// Sends each form of a page with each of these texts; how often one came again with what was typed.
async fn each_form(
    browser: &Chromium,
    address: &str,
    known: &mut Vec<String>,
    packs: &[String],
) -> usize {
    let mut again = 0;
    browser.open(address).await;
    for action in browser.actions().await {
        // The form of a new key is another one for each type.
        if !address.contains("type=") && known.contains(&action) {
            continue;
        }
        known.push(action.clone());
        for pack in packs {
            browser.open(address).await;
            if browser.send_form(&action, EVERYWHERE, pack).await.is_none() {
                break;
            }
            is_inert(browser, &action).await;
            let is_shown = browser.script(IS_SHOWN, json!([])).await == true;
            again += usize::from(is_shown);
            if !is_shown {
                // It holds no text, or took it.
                break;
            }
        }
    }
    again
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_05_no_text_that_a_form_refuses_runs_when_it_comes_again() {
    let site = Site::start().await;
    let mut pages = furnished(&site.world).await;
    // What is revoked, deleted or switched off takes no other form: those come last.
    let ends = ["/revoke", "/delete", "/disable", "/retire-secret"];
    pages.sort_by_key(|page| ends.iter().any(|end| page.ends_with(end)));
    let browser = Chromium::start().await;
    browser.watch().await;
    let packs = packed(texts(), LONG);
    let (mut known, mut again) = (Vec::new(), 0);
    for person in ["ops", r"t100\nexus"] {
        sign_in(&browser, &site, person).await;
        for page in &pages {
            let is_one_of_few = page.contains("/settings") || page.contains("/keys/new");
            if person == "ops" || is_one_of_few {
                again += each_form(&browser, &site.at(page), &mut known, &packs).await;
            }
        }
    }
    assert!(known.len() > 25, "forms were sent: {known:?}");
    assert!(again > 50, "forms came again with what was typed: {again}");
}
