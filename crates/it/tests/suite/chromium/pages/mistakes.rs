//! Each form, sent with a mistake in each of its fields: it comes again, says what is wrong, and is for everybody.

use super::{super::sign_in, elsewhere, furnished, seen};
use it::chromium::{Chromium, SURE, Site};

/// Forms that are about keys, or about what persons do for themselves; the others are for administrators.
const EVERYBODYS: [&str; 5] = ["/keys", "/settings", "/validate", "/setup", "/audit"];

/// Sends each form of a page that is not known yet with mistakes, and looks at what comes again.
async fn each_form(browser: &Chromium, address: &str, known: &mut Vec<String>) -> Vec<String> {
    let mut findings = Vec::new();
    browser.open(address).await;
    for action in browser.actions().await {
        let is_sure = SURE.iter().any(|end| action.ends_with(end));
        if is_sure || (!address.contains("type=") && known.contains(&action)) {
            continue;
        }
        known.push(action.clone());
        browser.open(address).await;
        let status = browser.send_wrongly(&action).await;
        let is_told = browser.has("#panel .fault, main .fault, .notice.bad").await;
        if status != Some(422) || !is_told {
            findings.push(format!("{action}: {status:?}, no word of what is wrong"));
            continue;
        }
        // In the light, wide, and in the dark, narrow, in turn: what marks a mistake is the same everywhere.
        let is_dark = known.len().is_multiple_of(2);
        browser.dark(is_dark).await;
        findings.extend(seen(browser, &action, if is_dark { 320 } else { 1440 }).await);
        browser.size(1440, 900).await;
    }
    findings
}

/// The forms of pages, sent by persons in turn; where they went.
async fn looked_at(persons: &[(&str, fn(&str) -> bool)]) -> Vec<String> {
    let site = Site::start().await;
    let pages = furnished(&site.world).await;
    let browser = Chromium::start().await;
    let (mut known, mut findings) = (Vec::new(), Vec::new());
    for (person, wanted) in persons {
        sign_in(&browser, &site, person).await;
        // So long after the sign-in what shows a secret asks for the password, too.
        site.world.clock.advance_millis(6 * 60 * 1000);
        for page in pages.iter().filter(|page| wanted(page)) {
            findings.extend(each_form(&browser, &site.at(page), &mut known).await);
        }
    }
    findings.extend(elsewhere(&browser, &site).await);
    assert!(findings.is_empty(), "{}:\n{}", findings.len(), findings.join("\n"));
    assert!(known.len() > 12, "forms were sent: {known:?}");
    known
}

fn is_everybodys(page: &str) -> bool {
    EVERYBODYS
        .iter()
        .any(|area| page.starts_with(&format!("/console{area}")) && !page.contains("/key-types"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_a_key_or_of_ones_own_that_comes_again_with_mistakes_is_for_everybody() {
    // Whoever is of the whole installation chooses a contact center before a key, and has no PSK.
    let of_a_tenant = |page: &str| page.contains("/settings") || page.contains("/keys/new");
    let of_a_first_psk = |page: &str| page.ends_with("/settings/psk");
    let bob = (r"t200\bob", of_a_first_psk as fn(&str) -> bool);
    let known = looked_at(&[("ops", is_everybodys), (r"t100\nexus", of_a_tenant), bob]).await;
    for own in ["/console/settings/psk/create", "/console/settings/password"] {
        assert!(known.iter().any(|action| action == own), "{own} is not in {known:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_an_administrator_that_comes_again_with_mistakes_is_for_everybody() {
    looked_at(&[("ops", |page| !is_everybodys(page))]).await;
}
