//! Signing out: the RP-Initiated Logout profile of the OpenID Foundation's conformance suite, module by
//! module, and Keycloak's own call with a refresh token.

use super::{App, BYE, CALLBACK, Tokens, asks_to_sign_in, request};
use crate::auth_v3::audited;
use it::{
    Answer, Browser,
    browser::{encoded, form_of},
};
use serde_json::json;

const LOGOUT: &str = "/realms/companya/protocol/openid-connect/logout";

fn path(fields: &[(&str, &str)]) -> String {
    format!("{LOGOUT}?{}", encoded(fields))
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    !asks_to_sign_in(&browser.open(&request(&[])).await)
}

/// Signed out, with every token: and the answer leads there.
async fn signed_out(app: &App, browser: &mut Browser, tokens: &Tokens, answer: &Answer, to: &str) {
    match to {
        "" => {
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert!(answer.text().contains("You are signed out"), "{}", answer.text());
        }
        _ => assert_eq!((answer.status.is_redirection(), answer.header("location")), (true, to)),
    }
    assert!(!browser.cookies.keys().any(|name| name.starts_with("keyward-realm-")));
    assert!(!is_signed_in(browser).await);
    assert_eq!(app.status_of(tokens.access()).await, 401);
    assert_eq!(app.refresh(tokens.refresh()).await.json()["error"], "invalid_grant");
}

/// Refused on a page; nothing has ended.
async fn refused(app: &App, browser: &mut Browser, tokens: &Tokens, fields: &[(&str, &str)]) {
    let answer = browser.get(&path(fields)).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (400, ""), "{}", answer.text());
    assert!(is_signed_in(browser).await);
    assert_eq!(app.status_of(tokens.access()).await, 200);
}

fn asks(answer: &Answer) -> bool {
    answer.status == 200 && answer.text().contains("<h1>Sign out?</h1>")
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_40_rp_initiated_logout_discovery_endpoint_verification() {
    let app = App::start(json!({})).await;
    let answer =
        app.world.anonymous().get("/realms/companya/.well-known/openid-configuration").await;
    assert_eq!(answer.json()["end_session_endpoint"], format!("http://127.0.0.1:8080{LOGOUT}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_41_rp_initiated_logout() {
    let app = App::start(json!({})).await;
    let (mut browser, tokens) = app.signed_in("vera").await;
    let fields = [
        ("id_token_hint", tokens.id_token()),
        ("post_logout_redirect_uri", BYE),
        ("state", "s t&te"),
    ];
    let answer = browser.get(&path(&fields)).await;
    let to = format!("{BYE}?state=s%20t%26te");
    signed_out(&app, &mut browser, &tokens, &answer, &to).await;
    let event = audited(&app.world, "session.end").await.pop().unwrap();
    assert_eq!(event["subject"]["id"], tokens.claims()["sid"]);
    // Once more: there is nobody to sign out, and the browser goes on.
    let again = browser.get(&path(&fields)).await;
    assert_eq!(again.header("location"), to);
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_41_the_same_by_a_form() {
    let app = App::start(json!({})).await;
    let (mut browser, tokens) = app.signed_in("vera").await;
    let fields = [("id_token_hint", tokens.id_token()), ("post_logout_redirect_uri", BYE)];
    let answer = browser.post(LOGOUT, &fields).await;
    assert_eq!(answer.status, 303);
    signed_out(&app, &mut browser, &tokens, &answer, BYE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_42_oi_44_bad_and_modified_id_token_hint() {
    let app = App::start(json!({})).await;
    let (mut browser, tokens) = app.signed_in("vera").await;
    let good = tokens.id_token();
    let modified = format!("{}{}", &good[..good.len() - 4], "AAAA");
    let access = tokens.access().to_owned();
    for hint in ["bad", "a.b.c", &modified, &access, tokens.refresh()] {
        refused(&app, &mut browser, &tokens, &[("id_token_hint", hint)]).await;
        let fields = [("id_token_hint", hint), ("post_logout_redirect_uri", BYE)];
        refused(&app, &mut browser, &tokens, &fields).await;
    }
    let fields = [("id_token_hint", good), ("client_id", "other")];
    refused(&app, &mut browser, &tokens, &fields).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_43_oi_50_wb_09_bad_post_logout_redirect_uri_and_a_query_added_to_it() {
    let app = App::start(json!({})).await;
    let (mut browser, tokens) = app.signed_in("vera").await;
    for to in [
        "https://evil.example/bye",
        "https://app.example/bye?foo=bar",
        "https://app.example/bye/",
        "https://app.example/bye#x",
        "//evil.example",
        "/realms/companya",
    ] {
        let fields = [("id_token_hint", tokens.id_token()), ("post_logout_redirect_uri", to)];
        refused(&app, &mut browser, &tokens, &fields).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_45_no_id_token_hint() {
    let app = App::start(json!({})).await;
    let (mut browser, tokens) = app.signed_in("vera").await;
    // Whose address it is, nobody says.
    refused(&app, &mut browser, &tokens, &[("post_logout_redirect_uri", BYE)]).await;
    let fields = [("client_id", "shop"), ("post_logout_redirect_uri", BYE), ("state", "s")];
    let page = browser.get(&path(&fields)).await;
    assert!(asks(&page), "{}", page.text());
    assert_eq!(app.status_of(tokens.access()).await, 200, "a link signs nobody out");
    let form = form_of(&page);
    assert_eq!(form.action, format!("{LOGOUT}/logout-confirm"));
    let mut other = app.browser();
    let ticket = [("ticket", &*form.fields[0].1)];
    assert_eq!(other.post(&form.action, &ticket).await.status, 400);
    let answer = browser.post(&form.action, &ticket).await;
    assert_eq!(answer.status, 303);
    signed_out(&app, &mut browser, &tokens, &answer, &format!("{BYE}?state=s")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_46_oi_49_no_params_and_only_state() {
    for fields in [&[][..], &[("state", "s")]] {
        let app = App::start(json!({})).await;
        let (mut browser, tokens) = app.signed_in("vera").await;
        let page = browser.get(&path(fields)).await;
        assert!(asks(&page), "{}", page.text());
        assert!(page.text().contains("vera"));
        let answer = browser.submit(&page, &[]).await;
        signed_out(&app, &mut browser, &tokens, &answer, "").await;
        let again = browser.get(&path(fields)).await;
        assert!(again.text().contains("You are signed out"), "{}", again.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_47_oi_48_no_post_logout_redirect_uri_and_no_state() {
    let app = App::start(json!({})).await;
    let (mut browser, tokens) = app.signed_in("vera").await;
    let answer = browser.get(&path(&[("id_token_hint", tokens.id_token())])).await;
    signed_out(&app, &mut browser, &tokens, &answer, "").await;
    let (mut browser, tokens) = app.signed_in("vera").await;
    let fields = [("id_token_hint", tokens.id_token()), ("post_logout_redirect_uri", CALLBACK)];
    let answer = browser.get(&path(&fields)).await;
    signed_out(&app, &mut browser, &tokens, &answer, CALLBACK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_hint_signs_out_nobody_who_is_not_asked() {
    let app = App::start(json!({})).await;
    let (_, theirs) = app.signed_in("nora").await;
    let (mut browser, tokens) = app.signed_in("vera").await;
    let page = browser.get(&path(&[("id_token_hint", theirs.id_token())])).await;
    assert!(asks(&page), "{}", page.text());
    assert_eq!(app.status_of(tokens.access()).await, 200);
    assert_eq!(app.status_of(theirs.access()).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_token_that_has_expired_still_says_who_signs_out() {
    let app = App::start(json!({})).await;
    let (mut browser, tokens) = app.signed_in("vera").await;
    crate::auth_v3::later(&app.world, 1_000_000);
    let answer = browser.get(&path(&[("id_token_hint", tokens.id_token())])).await;
    assert!(answer.text().contains("You are signed out"), "{}", answer.text());
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_ends_a_session_by_its_refresh_token() {
    let app = App::start(json!({})).await;
    let (mut browser, tokens) = app.signed_in("vera").await;
    let second = browser.open(&request(&[])).await;
    let second = app.tokens(&second).await;
    let token = tokens.refresh();
    let refresh = [("refresh_token", token)];
    let client = app.world.anonymous().basic("shop", &app.secret);
    for (caller, form, wanted) in [
        (app.world.anonymous(), &refresh[..], (400, "invalid_client")),
        (app.world.anonymous().basic("shop", "wrong"), &refresh, (401, "unauthorized_client")),
        (app.world.anonymous().basic("nobody", "x"), &refresh, (401, "invalid_client")),
        (client.clone(), &[("refresh_token", "unknown")], (400, "invalid_grant")),
        (client.clone(), &[("refresh_token", tokens.access())], (400, "invalid_grant")),
    ] {
        let answer = caller.post_form(LOGOUT, form).await;
        assert_eq!((answer.status.as_u16(), answer.json()["error"].as_str().unwrap()), wanted);
    }
    let admin = app.world.person(r"t100\nexus").await;
    let other = super::make_client(&admin, json!({"clientId": "other"})).await;
    let stranger = app.world.anonymous().basic("other", &other).post_form(LOGOUT, &refresh).await;
    assert_eq!(
        (stranger.status.as_u16(), &stranger.json()["error"]),
        (400, &json!("invalid_grant"))
    );
    assert_eq!(app.status_of(tokens.access()).await, 200);
    let form = [("client_id", "shop"), ("client_secret", &*app.secret), ("refresh_token", token)];
    let done = app.world.anonymous().post_form(LOGOUT, &form).await;
    assert_eq!((done.status.as_u16(), done.body.len()), (204, 0));
    assert_eq!(done.header("x-robots-tag"), "none");
    for tokens in [&tokens, &second] {
        assert_eq!(app.status_of(tokens.access()).await, 401, "all that the session brought forth");
    }
    assert!(!is_signed_in(&mut browser).await);
    let again = client.post_form(LOGOUT, &refresh).await;
    assert_eq!((again.status.as_u16(), &again.json()["error"]), (400, &json!("invalid_grant")));
}
