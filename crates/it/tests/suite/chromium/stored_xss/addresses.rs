//! What stands in an address shows in the page's filters: as text.

use super::{super::pages::furnished, PAYLOADS, is_inert, packed, sign_in, texts};
use it::{
    browser::encoded,
    chromium::{Chromium, Site},
};
use serde_json::json;
use std::collections::BTreeSet;

/// What the forms of this page put into an address.
const FILTERS: &str =
    "return [...document.querySelectorAll('form[method=get] [name]')].map((e) => e.name);";
/// What links put there, and what nobody does.
const OTHERS: [&str; 8] = ["cursor", "done", "back", "next", "tenant", "key", "range", "format"];

/// Pages and the names of what stands in their addresses.
async fn filters(browser: &Chromium, site: &Site, pages: &[String]) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for page in pages {
        let path = page.split('?').next().unwrap_or_default().to_owned();
        browser.open(&site.at(page)).await;
        let names = browser.script(FILTERS, json!([])).await;
        let names = names.as_array().into_iter().flatten().filter_map(|name| name.as_str());
        // A page with a panel holds the filters of the list beside it, too: once is enough.
        if !browser.has("#panel").await {
            all.extend(names.map(|name| (path.clone(), name.to_owned())));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_05_no_text_in_an_address_runs() {
    let site = Site::start().await;
    let pages = furnished(&site.world).await;
    let browser = Chromium::start().await;
    browser.watch().await;
    sign_in(&browser, &site, "ops").await;
    let mut wanted = filters(&browser, &site, &pages).await;
    assert!(wanted.len() > 15, "{wanted:?}");
    let lists = ["/console/keys", "/console/audit", "/console/persons", "/console/setup"];
    for list in lists.into_iter().chain(["/console/keys/new", "/console/sign-in"]) {
        wanted.extend(OTHERS.map(|name| (list.to_owned(), name.to_owned())));
    }
    let mut values = packed(texts(), 1800);
    values.extend(PAYLOADS.lines().step_by(70).map(str::to_owned));
    for (path, name) in &wanted {
        // Where a page holds what a person types, all of them; elsewhere some.
        let is_typed = ["search", "actor", "key"].contains(&name.as_str());
        let few = if is_typed { 1 } else { 3 };
        for value in values.iter().step_by(few) {
            let address = format!("{path}?{}", encoded(&[(name, value)]));
            browser.open(&site.at(&address)).await;
            is_inert(&browser, &format!("{path}, {name}")).await;
        }
    }
}
