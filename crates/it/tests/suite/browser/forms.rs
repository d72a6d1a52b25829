//! The pages and their forms: framed nowhere, sent by nobody else, telling nothing apart.

use super::{App, REALM, asks_to_sign_in, request, sign_in};
use crate::auth_v3::{audited, later};
use it::{Browser, browser::form_of, world::PASSWORD};
use serde_json::json;

const AUTHENTICATE: &str = "/realms/companya/login-actions/authenticate";

#[tokio::test(flavor = "multi_thread")]
async fn bc_07_bc_08_pages_are_framed_nowhere_and_forms_are_answered_with_303() {
    let app = App::start(json!({})).await;
    let mut browser = app.browser();
    let page = browser.open(&request(&[])).await;
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self' https://app.example;",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("cache-control"), "no-store");
    let text = page.text();
    assert!(text.contains("<html lang=\"en\">") && text.contains("The shop"), "{text}");
    assert!(!text.contains("<script") && !text.contains(" src=") && !text.contains("http://"));
    let form = form_of(&page);
    assert_eq!(form.action, AUTHENTICATE);
    let ticket = form.fields[0].1.clone();
    let fields = [("ticket", &*ticket), ("username", "vera"), ("password", PASSWORD)];
    let back = browser.post(AUTHENTICATE, &fields).await;
    assert_eq!(back.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn en_01_whatever_is_wrong_with_a_sign_in_the_page_is_the_same() {
    let app = App::start(json!({})).await;
    let admin = app.world.person(r"t100\nexus").await;
    let nora = admin.get("/v1/persons?search=nora").await.json();
    let path = format!("/v1/persons/{}", nora["persons"][0]["id"].as_str().unwrap());
    assert_eq!(admin.patch(&path, &json!({"enabled": false})).await.status, 200);
    let mut browser = app.browser();
    let page = browser.open(&request(&[])).await;
    let mut seen = Vec::new();
    for (username, password) in [
        ("vera", "wrong wrong wrong wrong"),
        ("nobody", PASSWORD),
        ("nora", PASSWORD),
        ("bob", PASSWORD),
        ("ops", PASSWORD),
        (r"t200\bob", PASSWORD),
        ("vera", ""),
    ] {
        let again = browser.submit(&page, &[("username", username), ("password", password)]).await;
        assert!(asks_to_sign_in(&again), "{username}: {}", again.text());
        let text = again.text();
        assert!(text.contains("The sign-in failed."), "{username}");
        assert!(!text.contains("wrong wrong") && !text.contains(PASSWORD), "{username}");
        let ticket = form_of(&again).fields[0].1.clone();
        seen.push(
            text.replace(&ticket, "T").replace(&format!("value=\"{username}\""), "value=\"U\""),
        );
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "{seen:#?}");
    assert!(!audited(&app.world, "person.sign_in_failed").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_comes_back_as_text_and_the_password_does_not() {
    let app = App::start(json!({"name": "<i>shop</i>"})).await;
    let mut browser = app.browser();
    let hint = request(&[("login_hint", "\"><script>alert(1)</script>")]);
    let page = browser.open(&hint).await;
    let again = browser
        .submit(&page, &[("username", "<b>x\"'"), ("password", "y".repeat(20).as_str())])
        .await;
    for page in [page.text(), again.text()] {
        assert!(
            !page.contains("<script") && !page.contains("<i>") && !page.contains("<b>"),
            "{page}"
        );
        assert!(!page.contains("yyyy"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_browser_or_another_site_signs_nobody_in() {
    let app = App::start(json!({})).await;
    let mut mine = app.browser();
    let page = mine.open(&request(&[])).await;
    let ticket = form_of(&page).fields[0].1.clone();
    let fields = [("ticket", &*ticket), ("username", "vera"), ("password", PASSWORD)];
    // Whoever was sent the form of another browser.
    let mut other = app.browser();
    other.open(&request(&[])).await;
    assert_eq!(other.post(AUTHENTICATE, &fields).await.status, 400);
    assert_eq!(app.browser().post(AUTHENTICATE, &fields).await.status, 400);
    for (header, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "http://127.0.0.1:8081"),
    ] {
        let mut there = Browser::new(app.world.anonymous().with_header(header, value));
        there.cookies.clone_from(&mine.cookies);
        assert_eq!(there.post(AUTHENTICATE, &fields).await.status, 403, "{header}: {value}");
    }
    for (header, value) in
        [("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:8080"), ("origin", "null")]
    {
        let mut here = Browser::new(app.world.anonymous().with_header(header, value));
        here.cookies.clone_from(&mine.cookies);
        assert_eq!(here.post(AUTHENTICATE, &fields).await.status, 303, "{header}: {value}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_of_one_door_one_page_and_half_an_hour() {
    let app = App::start(json!({})).await;
    let mut browser = app.browser();
    let page = browser.open(&request(&[])).await;
    let ticket = form_of(&page).fields[0].1.clone();
    let fields = |ticket: &str| {
        vec![
            ("ticket".to_owned(), ticket.to_owned()),
            ("username".to_owned(), "vera".to_owned()),
            ("password".to_owned(), PASSWORD.to_owned()),
        ]
    };
    let forged = format!("{}x", &ticket[..ticket.len() - 1]);
    let (payload, tag) = ticket.split_once('.').unwrap();
    for (path, ticket) in [
        (AUTHENTICATE, ""),
        (AUTHENTICATE, "x.y"),
        (AUTHENTICATE, &*forged),
        (AUTHENTICATE, payload),
        (AUTHENTICATE, &format!("{payload}.")),
        (AUTHENTICATE, &format!(".{tag}")),
        ("/realms/companyb/login-actions/authenticate", &*ticket),
        ("/auth/v3/sign-in", &*ticket),
        ("/realms/companya/login-actions/consent", &*ticket),
        (&format!("{REALM}/logout/logout-confirm"), &*ticket),
    ] {
        let all = fields(ticket);
        let all: Vec<(&str, &str)> = all.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let refused = browser.post(path, &all).await;
        assert_eq!(refused.status, 400, "{path} {ticket}");
    }
    later(&app.world, 30 * 60 * 1_000);
    let refused = browser.submit(&page, &[("username", "vera"), ("password", PASSWORD)]).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("no longer good"), "{}", refused.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_01_cookies_are_the_hosts_alone_where_it_is_reached_by_tls() {
    let world = it::World::start_with(|settings, config| {
        settings.public_url = "https://id.example".to_owned();
        config.public_url = "https://id.example".to_owned();
        config.hosts = vec!["127.0.0.1".to_owned()];
    })
    .await;
    let admin = world.person(r"t100\nexus").await;
    super::make_client(&admin, json!({})).await;
    let mut browser = Browser::new(world.anonymous());
    let page = browser.open(&request(&[])).await;
    let back = sign_in(&mut browser, &page, "vera").await;
    assert_eq!(it::browser::carried(&back)["iss"], "https://id.example/realms/companya");
    for answer in [&page, &back] {
        let set = answer.header("set-cookie");
        assert!(set.starts_with("__Host-keyward-"), "{set}");
        for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(set.contains(part) && !set.contains("Domain"), "{set}");
        }
        assert!(answer.header("strict-transport-security").starts_with("max-age=31536000"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_keeps_guessing_is_told_to_wait() {
    let world = it::World::start_with(|settings, _| {
        settings.failed_credentials = domain::rate_limit::Limit::new(3, 60).ok();
    })
    .await;
    let admin = world.person(r"t100\nexus").await;
    super::make_client(&admin, json!({})).await;
    let mut browser = Browser::new(world.anonymous().from_address("192.0.2.9"));
    let page = browser.open(&request(&[])).await;
    for n in 0..3 {
        let name = format!("somebody-{n}");
        let again = browser.submit(&page, &[("username", &name), ("password", PASSWORD)]).await;
        assert!(asks_to_sign_in(&again));
    }
    let waits = browser.submit(&page, &[("username", "vera"), ("password", PASSWORD)]).await;
    assert_eq!(waits.status, 429);
    assert!(!waits.header("retry-after").is_empty());
}
