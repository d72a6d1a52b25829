//! Every page of the console, taken from the table of its routes: nobody is kept out by how it looks, nothing is
//! asked of another host, and its policy lets no script in that is not ours.

mod mistakes;
mod states;

use super::{make_key, sign_in};
use crate::console::{Things, rows};
use it::{
    Browser, World,
    chromium::{Chromium, Site, policy_findings},
    world::TENANT,
};
use serde_json::json;
use server::route::RouteInfo;

/// Rows that are no pages: files, answers to scripts, and ways to somewhere else.
const NO_PAGES: [&str; 10] = [
    "console_home",
    "console_asset",
    "console_show_sign_in",
    "console_begin_outside_sign_in",
    "console_finish_outside_sign_in",
    "console_prove",
    "console_export_audit",
    "console_check_entry",
    "console_ask_key_seen",
    "console_import_example",
];

/// Pages that are not there for those of the whole installation: they have no PSK.
const NOT_OF_ALL: [&str; 4] = [
    "/console/settings/psk",
    "/console/settings/psk/regenerate",
    "/console/settings/psk/delete",
    NOWHERE,
];
/// No page at all.
const NOWHERE: &str = "/console/no-such-page";

/// Makes something for every page: what the rows of the console are about, and names that hardly fit.
async fn furnish(world: &World) -> Things {
    let nexus = world.person(r"t100\nexus").await;
    let mut things = Things::of(world).await;
    for (name, key_type, permission) in [
        (
            "A name that goes on for so long that no column of any table on any screen has room for it all",
            "nexus",
            "nexus:consumer:chat",
        ),
        ("مفتاح الدردشة للمتجر الإلكتروني", "api", "orders:read"),
        (
            "orders-service-with-one-word-that-cannot-be-broken-anywhere-at-all-xxxxxxxxxxxxxxxxxxxxxx",
            "nexus",
            "nexus:consumer:securemail",
        ),
    ] {
        let body = json!({ "keyType": key_type, "name": name, "permissions": [permission] });
        let made = make_key(&nexus, body).await;
        made["id"].as_str().expect("an id").clone_into(&mut things.key);
    }
    let overlap = json!({ "overlapSeconds": 86_400 });
    let rotated = nexus.post(&format!("/v1/keys/{}/rotate", things.key), &overlap).await;
    assert!(rotated.status.is_success(), "{}", rotated.text());
    let policy = format!("/v1/tenants/{TENANT}/key-policies/walked");
    let policy = nexus.put(&policy, &json!({})).await;
    assert!(policy.status.is_success(), "{}", policy.text());
    things
}

/// The addresses of all pages of an installation with something on each of them.
pub(super) async fn furnished(world: &World) -> Vec<String> {
    let things = furnish(world).await;
    let path = |row: &RouteInfo| {
        // Names are known in one contact center alone.
        let tenant =
            if row.path.contains("{name}") { format!("?tenant={TENANT}") } else { String::new() };
        format!("{}{tenant}", things.path(row))
    };
    let rows = rows("GET").into_iter().filter(|row| !NO_PAGES.contains(&row.operation));
    let mut all: Vec<String> = rows.map(|row| path(&row)).collect();
    for more in [
        "/console/keys?search=nothing+like+it",
        "/console/keys?soon=on",
        "/console/keys/new?type=nexus",
        "/console/keys/new?type=api",
        "/console/keys/new?type=openconnect&from=setup",
        "/console/setup?type=nexus",
        "/console/setup?type=openconnect",
        "/console/audit?action=key.create",
        NOWHERE,
    ] {
        all.push(more.to_owned());
    }
    assert!(all.len() > 60, "the table was not walked");
    all
}

/// Whether somebody of the whole installation is shown the page of this address, and no refusal.
fn is_there(path: &str, status: u64) -> bool {
    if NOT_OF_ALL.contains(&path) { [403, 404].contains(&status) } else { status == 200 }
}

/// What is wrong with the page that is open, so many pixels wide.
async fn seen(browser: &Chromium, what: &str, width: u32) -> Vec<String> {
    browser.size(width, 900).await;
    let found = browser.axe().await.into_iter();
    let mut findings: Vec<String> =
        found.map(|found| format!("{what} at {width}: {} {}", found.rule, found.text)).collect();
    let hidden = browser.sideways().await;
    if hidden > 0 {
        findings.push(format!("{what} at {width}: {hidden} pixels to the side"));
    }
    findings
}

/// What was asked of other hosts since the browser started, or since somebody asked so.
async fn elsewhere(browser: &Chromium, site: &Site) -> Vec<String> {
    let asked = browser.requested().await;
    let own = asked.iter().filter(|address| address.starts_with(&site.url)).count();
    assert!(own > 20, "the log of the network is there: {own} of {}", asked.len());
    let others = asked.into_iter().filter(|address| {
        // Before the first page the browser shows one of its own.
        !address.starts_with(&site.url)
            && !address.starts_with("chrome")
            && !address.starts_with("data:")
    });
    others.map(|address| format!("asked of another host: {address}")).collect()
}

/// Opens a page; what is wrong if it is not the one that belongs there.
async fn opened(browser: &Chromium, site: &Site, path: &str) -> Option<String> {
    browser.size(1440, 900).await;
    browser.open(&site.at(path)).await;
    browser.there("h1").await;
    let status = browser.status().await.expect("a status");
    (!is_there(path, status)).then(|| format!("{path}: {status}"))
}

async fn looked_at(is_dark: bool) {
    let site = Site::start().await;
    let addresses = furnished(&site.world).await;
    let browser = Chromium::start().await;
    browser.watch().await;
    browser.dark(is_dark).await;
    let mut findings = Vec::new();
    for (at, path) in ["/console/sign-in".to_owned()].iter().chain(&addresses).enumerate() {
        if path == &addresses[0] {
            sign_in(&browser, &site, r"t100\nexus").await;
            // Those of the whole installation see pages that nobody else does.
            sign_in(&browser, &site, "ops").await;
        }
        findings.extend(opened(&browser, &site, path).await);
        // The dark has other colours and nothing else: there each page is seen at one of the widths.
        let widths = [1440, 320];
        let widths = if is_dark { &widths[at % 2..=at % 2] } else { &widths[..] };
        for width in widths {
            findings.extend(seen(&browser, path, *width).await);
        }
        let stopped = browser.stopped().await;
        findings.extend(stopped.iter().map(|what| format!("{path}: the policy stopped {what}")));
    }
    findings.extend(elsewhere(&browser, &site).await);
    assert!(findings.is_empty(), "{}:\n{}", findings.len(), findings.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_08_every_page_is_for_everybody_in_the_light_and_asks_nothing_of_other_hosts() {
    looked_at(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_08_every_page_is_for_everybody_in_the_dark_and_asks_nothing_of_other_hosts() {
    looked_at(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_02_the_evaluator_finds_no_way_through_the_policy_of_any_page() {
    let world = World::start().await;
    let mut addresses = furnished(&world).await;
    addresses.push("/console/sign-in".to_owned());
    let mut browser = Browser::at_console(&world, "ops").await;
    let mut policies = Vec::new();
    for path in &addresses {
        let page = browser.get(path).await;
        assert!(
            path.ends_with("/sign-in") || is_there(path, page.status.as_u16().into()),
            "{path}: {}",
            page.status
        );
        policies.push(page.header("content-security-policy").to_owned());
    }
    assert!(policies.iter().all(|policy| policy.contains("default-src 'none'")), "{policies:?}");
    assert_eq!(policy_findings(&policies), []);
}
