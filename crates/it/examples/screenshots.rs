//! Pictures of every page, for whoever looks after how they look: `.ci/screenshots` runs this. It judges nothing.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "it may fail in the shortest way that says where"
)]

use it::{
    chromium::Chromium,
    process::{Process, free_port},
    proxy::project,
    world::Place,
};
use std::fs;

/// Where they lie; git does not see them.
const FOLDER: &str = "target/screenshots";
/// Rows that show no page.
const NO_PAGES: [&str; 7] =
    ["sign-in/outside", "/assets/", "/export", "/entry", "/seen", "/prove", "/example"];

/// What stands in the place of a row's id: the first thing that the list of its area leads to.
async fn first(browser: &Chromium, url: &str, area: &str) -> Option<String> {
    browser.open(&format!("{url}/console/{area}")).await;
    let script = "const begin = '/console/' + arguments[0] + '/';
        const links = [...document.querySelectorAll('main a[href]')].map((a) => new URL(a.href).pathname);
        const found = links.filter((p) => p.startsWith(begin) && p.split('/').length === 4 && !/\\/(new|find|check)$/.test(p));
        return found.length ? found[0].split('/')[3] : null;";
    let found = browser.script(script, serde_json::json!([area])).await;
    found.as_str().map(str::to_owned)
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
    let written = place.folder().join("data").join("initial-credentials");
    let written = fs::read_to_string(written).expect("the credentials");
    let password = written
        .lines()
        .find_map(|line| line.trim().strip_prefix("person")?.trim().strip_prefix("harbor\\maren"))
        .expect("the password of a person of the demonstration")
        .trim();
    let browser = Chromium::start().await;
    browser.open(&format!("{}/console/sign-in", process.url)).await;
    let mut pages = vec![("sign-in".to_owned(), "/console/sign-in".to_owned())];
    take(&browser, &process.url, &pages).await;
    browser.fill("", "Tenant", "harbor").await;
    browser.fill("", "User name", "maren").await;
    browser.fill("", "Password", password).await;
    browser.click("main", "Sign in").await;
    browser.at("/console").await;
    pages.clear();
    for row in server::routes() {
        let is_page = row.operation.starts_with("console_")
            && row.method == "GET"
            && row.path.starts_with("/console");
        if !is_page
            || NO_PAGES.iter().any(|part| row.path.contains(part))
            || row.path == "/console/sign-in"
        {
            continue;
        }
        let area = row.path.split('/').nth(2).unwrap_or_default();
        let mut path = row.path.replace("{type}", "nexus");
        if path.contains('{') {
            let Some(id) = first(&browser, &process.url, area).await else { continue };
            path = path.replace("{id}", &id).replace("{name}", &id);
        }
        let name = row.operation.trim_start_matches("console_").to_owned();
        pages.push((name, path));
    }
    take(&browser, &process.url, &pages).await;
}

async fn take(browser: &Chromium, url: &str, pages: &[(String, String)]) {
    for (light, is_dark) in [("light", false), ("dark", true)] {
        browser.dark(is_dark).await;
        for width in [1440, 320] {
            browser.size(width, 900).await;
            let folder = project().join(FOLDER).join(format!("{light}-{width}"));
            fs::create_dir_all(&folder).expect("a folder");
            for (name, path) in pages {
                browser.open(&format!("{url}{path}")).await;
                let picture = browser.picture(true).await;
                fs::write(folder.join(format!("{name}.png")), picture).expect("a picture");
            }
        }
    }
    browser.size(1440, 900).await;
    browser.dark(false).await;
}
