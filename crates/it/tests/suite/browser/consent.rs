//! Clients that ask first.

use super::{App, asks_to_sign_in, error_of, request, sign_in};
use crate::auth_v3::audited;
use it::{Answer, Browser, browser::form_of};
use serde_json::json;

fn asks_for_consent(page: &Answer) -> bool {
    page.status == 200 && page.text().contains("<h1>Allow access?</h1>")
}

async fn asked(app: &App) -> (Browser, Answer) {
    let mut browser = app.browser();
    let page = browser.open(&request(&[])).await;
    let page = sign_in(&mut browser, &page, "vera").await;
    assert!(asks_for_consent(&page), "{} {}", page.status, page.text());
    (browser, page)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_asked_once_for_what_the_client_wants() {
    let app = App::start(json!({"consentRequired": true})).await;
    let (mut browser, page) = asked(&app).await;
    let text = page.text();
    assert!(text.contains("The shop") && text.contains("vera"), "{text}");
    assert_eq!(page.header("x-frame-options"), "DENY");
    let none = browser.open(&request(&[("prompt", "none")])).await;
    assert_eq!(error_of(&none), "consent_required");
    let back = browser.submit(&page, &[("decision", "allow")]).await;
    assert_eq!(back.status, 303);
    app.tokens(&back).await;
    let back = browser.open(&request(&[("prompt", "none")])).await;
    app.tokens(&back).await;
    let more = browser.open(&request(&[("scope", "openid email")])).await;
    assert!(asks_for_consent(&more), "more than was agreed to");
    let again = browser.open(&request(&[("prompt", "consent")])).await;
    assert!(asks_for_consent(&again), "the client wants to be sure");
    let event = audited(&app.world, "consent.grant").await.pop().unwrap();
    assert_eq!(event["detail"], json!({"client": "shop", "scopes": ["openid", "profile"]}));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_agree_goes_back_without_a_code() {
    let app = App::start(json!({"consentRequired": true})).await;
    let (mut browser, page) = asked(&app).await;
    for decision in [&[("decision", "deny")][..], &[]] {
        let back = browser.submit(&page, decision).await;
        assert_eq!(back.status, 303);
        assert_eq!(error_of(&back), "access_denied");
    }
    assert!(asks_for_consent(&browser.open(&request(&[])).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_is_the_persons_who_saw_the_page() {
    let app = App::start(json!({"consentRequired": true})).await;
    let (mut browser, page) = asked(&app).await;
    let again = browser.open(&request(&[("prompt", "login")])).await;
    let hers = sign_in(&mut browser, &again, "nora").await;
    assert!(asks_for_consent(&hers));
    let stale = browser.submit(&page, &[("decision", "allow")]).await;
    assert_eq!(stale.status, 400, "the page of the session before");
    let form = form_of(&hers);
    let mut out = app.browser();
    let fields = [("ticket", &*form.fields[0].1), ("decision", "allow")];
    assert_eq!(out.post(&form.action, &fields).await.status, 400);
    let back = browser.submit(&hers, &[("decision", "allow")]).await;
    assert_eq!(back.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn consents_are_listed_and_taken_back() {
    let app = App::start(json!({"consentRequired": true})).await;
    let (mut browser, page) = asked(&app).await;
    let back = browser.submit(&page, &[("decision", "allow")]).await;
    let tokens = app.tokens(&back).await;
    let admin = app.world.person(r"t100\nexus").await;
    let vera = app.world.person(r"t100\vera").await;
    let id = tokens.claims()["sub"].as_str().unwrap().to_owned();
    let path = format!("/v1/persons/{id}/consents");
    for caller in [&vera, &admin] {
        let listed = caller.get(&path).await.json();
        assert_eq!(
            listed["consents"],
            json!([{"clientId": "shop", "scopes": ["openid", "profile"],
                "granted": "2026-03-01T12:00:00.000Z"}])
        );
    }
    let one = format!("{path}/shop");
    let nora = app.world.person(r"t100\nora").await;
    let bob = app.world.person(r"t200\bob").await;
    for (caller, status) in [(&nora, 403), (&bob, 404)] {
        assert_eq!(caller.get(&path).await.status, status);
        assert_eq!(caller.delete(&one).await.status, status);
    }
    assert_eq!(app.world.anonymous().delete(&one).await.status, 401);
    assert_eq!(vera.delete(&format!("{path}/nobody")).await.status, 404);
    assert_eq!(vera.delete(&one).await.status, 204);
    assert_eq!(vera.delete(&one).await.status, 404);
    assert!(asks_for_consent(&browser.open(&request(&[])).await));
    assert_eq!(audited(&app.world, "consent.revoke").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_ask_gets_its_code_at_once() {
    let app = App::start(json!({})).await;
    let (mut browser, _) = app.signed_in("vera").await;
    let page = browser.open(&request(&[("prompt", "consent")])).await;
    assert!(asks_for_consent(&page) && !asks_to_sign_in(&page));
}
