//! The page about realms shows how to use each library: what it shows is what is driven.

use it::proxy::project;
use std::fs;

const PAGE: &str = "docs/surfaces/oidc.md";
const DRIVERS: [&str; 6] = [
    "python/with_authlib.py",
    "python/with_requests_oauthlib.py",
    "python/with_python_keycloak.py",
    "node/with_openid_client.mjs",
    "node/with_oauth4webapi.mjs",
    "node/with_keycloak_connect.mjs",
];

/// What stands between the two marks of a driver, moved to the margin.
fn documented(driver: &str) -> String {
    let text = fs::read_to_string(project().join("crates/it/clients").join(driver)).expect(driver);
    let (_, rest) = text.split_once("[documented\n").expect(driver);
    let (shown, _) = rest.split_once("documented]").expect(driver);
    let (shown, _) = shown.trim_end_matches([' ', '/', '#']).rsplit_once('\n').expect(driver);
    let margin = shown.len() - shown.trim_start_matches(' ').len();
    let moved: Vec<&str> = shown.lines().map(|line| line.get(margin..).unwrap_or("")).collect();
    moved.join("\n")
}

#[test]
fn what_the_page_shows_of_a_library_is_what_is_driven() {
    let page = fs::read_to_string(project().join(PAGE)).expect("the page");
    let missing: Vec<&str> =
        DRIVERS.into_iter().filter(|driver| !page.contains(&documented(driver))).collect();
    assert!(missing.is_empty(), "{PAGE} does not show what is marked in {missing:?}");
}
