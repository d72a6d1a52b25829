//! Pictures of every page, and of every form that is filled in wrongly, for whoever looks after how they look:
//! `.ci/screenshots` runs this. It judges nothing; but a page that is not there is an error.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "it may fail in the shortest way that says where"
)]

use it::{
    chromium::{Chromium, SURE},
    process::{Process, free_port},
    proxy::project,
    world::Place,
};
use serde_json::json;
use server::route::RouteInfo;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
};

/// Where they lie; git does not see them.
const FOLDER: &str = "target/screenshots";
/// Rows that show no page.
const NO_PAGES: [&str; 7] =
    ["sign-in/outside", "/assets/", "/export", "/entry", "/seen", "/prove", "/example"];
/// The first page, which is there before anybody signed in.
const SIGN_IN: &str = "/console/sign-in";
/// The password of whoever has to choose one.
const CHOSEN: &str = "wandering otters carry lamps";
/// Pages of one row that are opened in search of others, at most.
const MOST: usize = 12;
/// Names that hardly fit.
const ODD: [&str; 2] = [
    "orders-service-in-one-word-that-cannot-be-broken-anywhere-at-all-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "مفتاح الدردشة للمتجر الإلكتروني في المدينة القديمة بجانب الميناء والسوق الكبير",
];
/// Where the links of this page lead.
const LINKS: &str = "return [...document.querySelectorAll('main a[href], #panel a[href]')]\
    .map((a) => new URL(a.href)).filter((to) => to.host === location.host && to.pathname.startsWith('/console'))\
    .map((to) => to.pathname + to.search);";

/// The demonstration, and whoever signs in there.
struct Demo {
    url: String,
    passwords: String,
    browser: Chromium,
}

impl Demo {
    /// Signs a person in.
    async fn sign_in(&self, person: &str) {
        let (tenant, name) = person.split_once('\\').unwrap_or(("", person));
        let line = |line: &str| {
            let rest = line.trim().strip_prefix("person")?.trim().strip_prefix(person)?;
            rest.starts_with(' ').then(|| rest.trim().to_owned())
        };
        let password = self.passwords.lines().find_map(line).expect("a password");
        let browser = &self.browser;
        browser.forget().await;
        browser.open(&format!("{}{SIGN_IN}", self.url)).await;
        browser.fill("", "Tenant", tenant).await;
        browser.fill("", "User name", name).await;
        browser.fill("", "Password", &password).await;
        browser.click("main", "Sign in").await;
        let gone = "document.readyState === 'complete' && location.pathname !== arguments[0]";
        browser.until("a page after the sign-in", gone, json!([SIGN_IN])).await;
        // Whoever got a password from us has to choose another one first.
        if browser.url().await.contains("/settings/password") {
            browser.fill("main", "Password until now", &password).await;
            browser.fill("main", "New password", CHOSEN).await;
            browser.fill("main", "New password, once more", CHOSEN).await;
            browser.click("main", "Set password and continue").await;
            let chosen = "document.readyState === 'complete' \
                && !location.pathname.startsWith('/console/settings/password')";
            browser.until("the password is chosen", chosen, json!([])).await;
        }
    }

    /// Opens a page; whether it is there.
    async fn open(&self, path: &str) -> bool {
        self.browser.open(&format!("{}{path}", self.url)).await;
        self.browser.status().await == Some(200)
    }

    /// What this person finds by the links of pages: for each row the first address that is there.
    async fn found(&self, rows: &[RouteInfo]) -> BTreeMap<&'static str, String> {
        let plain = rows.iter().filter(|row| !row.path.contains('{'));
        let mut ahead: VecDeque<String> = plain.map(|row| row.path.to_owned()).collect();
        let mut known: BTreeSet<String> = ahead.iter().cloned().collect();
        let mut found = BTreeMap::new();
        let mut opened: BTreeMap<&str, usize> = BTreeMap::new();
        while let Some(path) = ahead.pop_front() {
            let Some(row) = row_of(rows, &path) else { continue };
            // Things of a kind differ in what is offered there: several of them are opened.
            let several = row.path.ends_with('}') || row.path.ends_with("/secrets");
            let so_far = opened.entry(row.operation).or_default();
            *so_far += 1;
            if *so_far > if several { MOST } else { 1 } || !self.open(&path).await {
                continue;
            }
            found.entry(row.operation).or_insert(path);
            let links = self.browser.script(LINKS, json!([])).await;
            for link in links.as_array().into_iter().flatten().filter_map(|link| link.as_str()) {
                if known.insert(link.to_owned()) {
                    ahead.push_back(link.to_owned());
                }
            }
        }
        found
    }

    /// Pictures of pages, and of their forms that came again with mistakes.
    async fn take(&self, pages: &BTreeMap<String, String>, wrongly: bool) {
        for (light, is_dark) in [("light", false), ("dark", true)] {
            self.browser.dark(is_dark).await;
            for width in [1440, 320] {
                self.browser.size(width, 900).await;
                let folder = project().join(FOLDER).join(format!("{light}-{width}"));
                fs::create_dir_all(&folder).expect("a folder");
                let picture = async |name: &str| {
                    let picture = self.browser.picture().await;
                    fs::write(folder.join(format!("{name}.png")), picture).expect("a picture");
                };
                for (name, path) in pages {
                    assert!(self.open(path).await, "{path} is not there");
                    picture(name).await;
                    let actions = if wrongly { self.browser.actions().await } else { Vec::new() };
                    let can_err = |action: &&String| !SURE.iter().any(|end| action.ends_with(end));
                    if let Some(action) = actions.iter().rfind(can_err) {
                        let status = self.browser.send_wrongly(action).await;
                        // So soon after the sign-in some forms hold nothing that can be wrong.
                        assert!([Some(200), Some(422)].contains(&status), "{action}: {status:?}");
                        if status == Some(422) {
                            picture(&format!("{name}-wrong")).await;
                        }
                    }
                }
            }
        }
        self.browser.size(1440, 900).await;
        self.browser.dark(false).await;
    }

    /// Makes keys with names that hardly fit.
    async fn make_odd_keys(&self) {
        for name in ODD {
            self.browser.open(&format!("{}/console/keys/new?type=client", self.url)).await;
            self.browser.fill("#panel", "Name", name).await;
            self.browser.click("#panel", "Generate token").await;
            self.browser.there("[data-secret-text]").await;
            self.browser.leave(&format!("{}/console/keys", self.url)).await;
        }
    }
}

/// The row that a path belongs to: the one with the fewest placeholders.
fn row_of<'a>(rows: &'a [RouteInfo], path: &str) -> Option<&'a RouteInfo> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |row: &&RouteInfo| {
        let (wanted, given) = (row.path.split('/'), path.split('/'));
        wanted.clone().count() == given.clone().count()
            && wanted.zip(given).all(|(part, given)| part.starts_with('{') || part == given)
    };
    rows.iter().filter(fits).min_by_key(|row| row.path.matches('{').count())
}

/// What a picture of a row is called.
fn named(found: BTreeMap<&'static str, String>) -> BTreeMap<String, String> {
    let name = |operation: &str| operation.trim_start_matches("console_").to_owned();
    found.into_iter().map(|(operation, path)| (name(operation), path)).collect()
}

#[tokio::main]
async fn main() {
    let place = Place::new();
    let port = free_port();
    let data = place.folder().join("data").display().to_string();
    let listen = format!("127.0.0.1:{port}");
    let arguments = ["serve", "--demo", "--data-dir", &data, "--listen", &listen];
    let process = Process::start_with(&place, port, &arguments).await.expect("the demonstration");
    // Without a terminal the first start writes the credentials beside the data.
    let passwords = fs::read_to_string(place.folder().join("data").join("initial-credentials"));
    let passwords = passwords.expect("the credentials");
    let browser = Chromium::start().await;
    let demo = Demo { url: process.url.clone(), passwords, browser };
    let _ = fs::remove_dir_all(project().join(FOLDER));
    demo.take(&BTreeMap::from([("sign_in".to_owned(), SIGN_IN.to_owned())]), true).await;
    let rows = server::routes().into_iter().filter(|row| {
        row.operation.starts_with("console_")
            && row.method == "GET"
            && row.path.starts_with("/console")
            && row.path != SIGN_IN
            && !NO_PAGES.iter().any(|part| row.path.contains(part))
    });
    let rows: Vec<RouteInfo> = rows.collect();
    let maren = r"harbor\maren";
    demo.sign_in(maren).await;
    let own = demo.found(&rows).await;
    demo.sign_in("ops").await;
    let mut all = demo.found(&rows).await;
    // What both see is seen as ops where it is about all contact centers.
    all.retain(|operation, _| {
        let is_of_all = ["console_overview", "console_list_keys", "console_list_tenants"];
        !own.contains_key(operation) || is_of_all.contains(operation)
    });
    let missing = rows.iter().map(|row| row.operation);
    let missing = missing.filter(|name| !own.contains_key(name) && !all.contains_key(name));
    assert_eq!(missing.collect::<Vec<_>>(), [""; 0], "pages that no link leads to");
    let all = named(all).into_iter().map(|(name, path)| (format!("{name}-all"), path));
    demo.take(&all.collect(), true).await;
    demo.sign_in(maren).await;
    demo.take(&named(own), true).await;
    demo.make_odd_keys().await;
    let more = [
        ("list_keys-odd", "/console/keys"),
        ("list_keys-none", "/console/keys?search=no+such+thing"),
        ("list_persons-none", "/console/persons?search=no+such+thing"),
        ("audit-none", "/console/audit?actor=no-such-person"),
        ("new_key-api", "/console/keys/new?type=api"),
        ("new_key-nexus", "/console/keys/new?type=nexus"),
    ];
    demo.take(&more.map(|(name, path)| (name.to_owned(), path.to_owned())).into(), true).await;
}
