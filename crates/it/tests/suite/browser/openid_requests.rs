//! The Basic OP profile of the OpenID Foundation's conformance suite: what a request may ask of the sign-in.

use super::{App, Tokens, error_of, openid::succeeds, request, sign_in};
use crate::auth_v3::later;
use it::browser::carried;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn oi_15_oi_16_display_page_and_popup() {
    for display in ["page", "popup"] {
        succeeds(&[("display", display)]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_17_prompt_login() {
    let app = App::start(json!({})).await;
    let (mut browser, first) = app.signed_in("vera").await;
    later(&app.world, 5_000);
    let page = browser.open(&request(&[("prompt", "login")])).await;
    let back = sign_in(&mut browser, &page, "vera").await;
    let second = app.tokens(&back).await;
    assert_eq!(first.claims()["sub"], second.claims()["sub"]);
    let at = |tokens: &Tokens| tokens.claims()["auth_time"].as_i64().unwrap();
    assert_eq!(at(&second) - at(&first), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_18_prompt_none_not_logged_in() {
    let app = App::start(json!({})).await;
    let back = app.browser().get(&request(&[("prompt", "none")])).await;
    assert_eq!(
        (error_of(&back), carried(&back)["state"].as_str()),
        ("login_required".into(), "st4te")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_19_prompt_none_logged_in() {
    let app = App::start(json!({})).await;
    let (mut browser, first) = app.signed_in("vera").await;
    later(&app.world, 5_000);
    let back = browser.get(&request(&[("prompt", "none")])).await;
    let second = app.tokens(&back).await;
    for member in ["sub", "sid", "auth_time"] {
        assert_eq!(first.claims()[member], second.claims()[member], "{member}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_20_max_age_1() {
    let app = App::start(json!({})).await;
    let (mut browser, first) = app.signed_in("vera").await;
    later(&app.world, 2_000);
    let none = browser.get(&request(&[("max_age", "1"), ("prompt", "none")])).await;
    assert_eq!(error_of(&none), "login_required");
    let page = browser.open(&request(&[("max_age", "1")])).await;
    let back = sign_in(&mut browser, &page, "vera").await;
    let second = app.tokens(&back).await;
    let at = |tokens: &Tokens| tokens.claims()["auth_time"].as_i64().unwrap();
    assert_eq!(at(&second) - at(&first), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_21_max_age_10000() {
    let app = App::start(json!({})).await;
    let (mut browser, first) = app.signed_in("vera").await;
    later(&app.world, 2_000);
    let back = browser.open(&request(&[("max_age", "10000")])).await;
    let second = app.tokens(&back).await;
    assert_eq!(first.claims()["auth_time"], second.claims()["auth_time"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_22_ensure_request_with_unknown_parameter_succeeds() {
    succeeds(&[("extra", "foobar")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_23_id_token_hint() {
    let app = App::start(json!({})).await;
    let (mut browser, first) = app.signed_in("vera").await;
    let hint = first.id_token().to_owned();
    let back = browser.get(&request(&[("prompt", "none"), ("id_token_hint", &hint)])).await;
    assert_eq!(app.tokens(&back).await.claims()["sub"], first.claims()["sub"]);
    // Of somebody else than is signed in here.
    let (_, other) = app.signed_in("nora").await;
    let hint = other.id_token().to_owned();
    let back = browser.get(&request(&[("prompt", "none"), ("id_token_hint", &hint)])).await;
    assert_eq!(error_of(&back), "login_required");
    let page = browser.open(&request(&[("id_token_hint", &hint)])).await;
    let back = sign_in(&mut browser, &page, "vera").await;
    assert_eq!(error_of(&back), "login_required", "the client asked for somebody else");
    // An access token is no ID token, but it is of the realm: it says whom it speaks of.
    let altered = format!("{}x", &hint[..hint.len() - 1]);
    let back = browser.get(&request(&[("id_token_hint", &altered)])).await;
    assert_eq!(error_of(&back), "invalid_request");
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_24_login_hint() {
    let app = App::start(json!({})).await;
    let page = app.browser().open(&request(&[("login_hint", "vera")])).await;
    assert!(page.text().contains("name=\"username\" value=\"vera\""), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_25_oi_26_oi_27_ui_locales_claims_locales_and_acr_values() {
    for (name, value) in [("ui_locales", "se"), ("claims_locales", "se"), ("acr_values", "1 2")] {
        succeeds(&[(name, value)]).await;
    }
}
