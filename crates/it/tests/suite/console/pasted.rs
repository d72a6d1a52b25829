//! What is pasted into a page of the console is in no line of the program's log, whatever comes of it.

use bytes::Bytes;
use http::Method;
use it::{
    Answer,
    browser::{PageForm, encoded},
    console::form_to,
    process::Process,
    world::{PASSWORD, Place},
};
use std::collections::BTreeMap;

/// A browser at a running program.
struct AtProgram {
    process: Process,
    cookies: BTreeMap<String, String>,
}

impl AtProgram {
    async fn send(&mut self, method: Method, path: &str, body: &str) -> Answer {
        let cookie = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookie = cookie.collect::<Vec<_>>().join("; ");
        let mut headers = vec![("cookie", cookie.as_str())];
        if method == Method::POST {
            headers.push(("content-type", "application/x-www-form-urlencoded"));
        }
        let body = Bytes::from(body.to_owned());
        let answer = self.process.send(method, path, &headers, body).await.expect("an answer");
        for field in answer.headers.get_all("set-cookie") {
            let pair = field.to_str().expect("text").split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a name and a value");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    async fn submit(&mut self, form: &PageForm) -> Answer {
        let fields: Vec<(&str, &str)> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.send(Method::POST, &form.action, &encoded(&fields)).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_pasted_is_logged() {
    let place = Place::new();
    let more = "log = { level = \"trace\", format = \"json\" }";
    let process = Process::start(&place, more).await.expect("the program starts");
    let mut browser = AtProgram { process, cookies: BTreeMap::new() };
    let page = browser.send(Method::GET, "/console/sign-in", "").await;
    let form = form_to(&page, "/console/sign-in")
        .with("tenant", "t100")
        .with("username", "nexus")
        .with("password", PASSWORD);
    assert_eq!(browser.submit(&form).await.status, 303);
    let canaries = [
        ("/console/validate", "key", "9b7682b7-cbce-422f-9bbb-ecda85e61695"),
        ("/console/setup", "secret", "eyJjYW5hcnkiOiI3ZjNhIn0.canary7f3a.canary7f3a"),
        ("/console/settings/password", "current-password", "canary lanterns of 7f3a"),
    ];
    for (path, field, canary) in canaries {
        let page = browser.send(Method::GET, path, "").await;
        let form = form_to(&page, path).with(field, canary);
        let answer = browser.submit(&form).await;
        assert!([200, 422].contains(&answer.status.as_u16()), "{path}: {}", answer.text());
        assert!(!answer.text().contains(canary), "{path}");
    }
    let log = browser.process.log();
    assert!(log.contains("console_validate") || log.contains("/console/validate"), "{log}");
    for (path, _, canary) in canaries {
        assert!(!log.contains(canary), "{path}: {log}");
    }
    assert!(!log.contains(PASSWORD), "{log}");
}
