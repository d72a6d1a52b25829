//! The crate `openidconnect`, by the example that uses it, a person's browser being Python's.

use super::{PERSON, PUBLIC_CLIENT, Realm};
use it::{
    client::{Home, program},
    proxy::project,
    world::PASSWORD,
};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// The example under way; it ends with this value.
struct Example(Child);

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn signs_in(algorithm: &'static str, name: &str, end: &str) {
    let realm = Realm::signing_by(algorithm).await;
    let started = Command::new(program(Home::OpenIdConnect).expect("the example builds"))
        .envs(realm.variables().into_iter().filter(|(name, _)| *name != "CLIENT_SECRET"))
        .env("CLIENT_ID", PUBLIC_CLIENT)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the example starts");
    let mut example = Example(started);
    let mut lines = BufReader::new(example.0.stdout.take().expect("its words")).lines();
    let mut next = || lines.next().unwrap_or_else(|| panic!("no more\n{}", realm.keyward.log()));
    let first = next().expect("a line");
    let url = first.strip_prefix("open ").expect("an address to open");
    // Signs in, and then goes where a browser would, which is the example itself.
    let open = "import sys, browser, requests; u, n, p, r = sys.argv[1:]; \
                print(requests.get(browser.Browser().open(u, r, n, p), timeout=20).text)";
    let redirect = form_urlencoded::parse(url.split_once('?').expect("a query").1.as_bytes())
        .find(|(name, _)| name == "redirect_uri")
        .expect("where to")
        .1
        .into_owned();
    let person = Command::new(program(Home::Python).expect("Python"))
        .args(["-c", open, url, PERSON, PASSWORD, &redirect])
        .envs(realm.variables())
        .env("PYTHONPATH", project().join("crates/it/clients/python"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("a browser");
    let page = String::from_utf8_lossy(&person.stdout);
    assert!(
        page.contains("go back to your terminal"),
        "{}",
        String::from_utf8_lossy(&person.stderr)
    );
    assert_eq!(next().expect("a line"), format!("signed in as {PERSON} by {name}"));
    assert_eq!(next().expect("a line"), "a fresh token for 600 seconds");
    assert_eq!(next().expect("a line"), end);
    assert!(example.0.wait().expect("its end").success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_crate_openidconnect_works_with_a_realm_that_signs_by_rsa() {
    // It ends tokens by HTTPS alone.
    let end = "not signed out: Scheme for revocation endpoint URL must be HTTPS";
    signs_in("RS256", "RsaSsaPkcs1V15Sha256", end).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_crate_openidconnect_works_with_a_realm_that_signs_by_elliptic_curves() {
    signs_in("ES256", "EcdsaP256Sha256", "signed out: true").await;
}
