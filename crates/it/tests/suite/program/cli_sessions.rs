//! What a person signed in to and agreed to, by commands.

use super::cli::Cli;
use bytes::Bytes;
use http::{Method, header::SET_COOKIE};
use it::{
    Answer,
    browser::{encoded, form_of},
    process::Process,
    world::{PASSWORD, Place},
};
use std::collections::BTreeMap;

const BACK: &str = "https://shop.example/cb";
const ASKED: &str = "/realms/companya/protocol/openid-connect/auth?client_id=shop&response_type=code\
    &redirect_uri=https%3A%2F%2Fshop.example%2Fcb&scope=openid\
    &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

/// A browser that talks to the built program.
struct Browser<'a> {
    process: &'a Process,
    cookies: BTreeMap<String, String>,
}

impl Browser<'_> {
    async fn send(&mut self, method: Method, path: &str, form: String) -> Answer {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let headers = [
            ("cookie", cookies.as_str()),
            ("origin", self.process.url.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let answer = self.process.send(method, path, &headers, Bytes::from(form)).await.unwrap();
        for set in answer.headers.get_all(SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, String::new()).await
    }

    /// Fills in the form of a page; where it leads.
    async fn submit(&mut self, page: &Answer, more: &[(&str, &str)]) -> String {
        let form = form_of(page);
        let mut fields: Vec<(&str, &str)> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend(more);
        let answer = self.send(Method::POST, &form.action, encoded(&fields)).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer.header("location").to_owned()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_person_is_signed_in_and_what_they_agreed_to_is_seen_and_ended_by_commands() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let cli = Cli::new(&place, Some(&process.url));
    cli.sign_in("t100\\nexus");
    let client = ["clients", "create", "--client-id", "shop", "--grant", "authorization_code"];
    let more = ["--redirect-uri", BACK, "--scope", "profile", "--consent-required", "true"];
    assert_eq!(cli.run(&[client, more].concat()).code, 0);
    assert_eq!(cli.run(&["sessions", "end-all"]).code, 6, "there is none");

    let mut browser = Browser { process: &process, cookies: BTreeMap::new() };
    let page = browser.get(ASKED).await;
    let consent = browser.submit(&page, &[("username", "nexus"), ("password", PASSWORD)]).await;
    let page = browser.get(&consent).await;
    let back = browser.submit(&page, &[("decision", "allow")]).await;
    assert!(back.starts_with(BACK) && back.contains("code="), "{back}");

    let sessions = cli.json(&["sessions", "list"])["sessions"].clone();
    let id = sessions[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(sessions.as_array().unwrap().len(), 1);
    let shown = cli.run(&["sessions", "list"]);
    assert!(shown.code == 0 && shown.out.contains(&id), "{shown:?}");
    let consents = cli.run(&["consents", "list"]);
    assert!(
        consents.out.contains("shop") && consents.out.contains("openid, profile"),
        "{consents:?}"
    );
    assert_eq!(cli.run(&["consents", "revoke", "shop"]).code, 0);
    assert_eq!(cli.run(&["consents", "revoke", "shop"]).code, 6, "it is taken back");

    // Others' are named by their id, and need the right.
    let me = cli.json(&["whoami"])["id"].as_str().unwrap().to_owned();
    cli.sign_in("ops");
    let of_them = ["sessions", "list", "--person", &me, "--quiet"];
    assert_eq!(cli.run(&of_them).out.trim_end(), id);
    assert_eq!(cli.run(&["sessions", "end", &id, "--person", &me]).code, 0);
    assert_eq!(cli.run(&of_them).out, "");
    assert!(browser.get(ASKED).await.text().contains("<h1>Sign in</h1>"));
    assert_eq!(process.stop().await.unwrap(), 0);
}
