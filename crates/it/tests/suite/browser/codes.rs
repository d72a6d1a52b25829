//! Codes: each for one client, one address, one challenge, one use and one minute.

use super::{App, CALLBACK, ISSUER, VERIFIER, make_client, request, sign_in};
use crate::auth_v3::{audited, later};
use it::{
    Browser,
    browser::carried,
    world::{PASSWORD, TENANT},
};
use serde_json::json;

async fn code(app: &App) -> (Browser, String) {
    let mut browser = app.browser();
    let page = browser.open(&request(&[])).await;
    let back = sign_in(&mut browser, &page, "vera").await;
    (browser, carried(&back)["code"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_14_md_04_a_person_signs_in_and_the_client_gets_a_code_its_state_and_the_issuer() {
    let app = App::start(json!({})).await;
    let mut browser = app.browser();
    let odd: String = (0..400).map(|n| ["%", "&", "=", "+", "é", " ", "\"", "\\"][n % 8]).collect();
    let page = browser.open(&request(&[("state", &odd)])).await;
    let back = sign_in(&mut browser, &page, "vera").await;
    assert_eq!(back.status, 303);
    assert!(back.header("location").starts_with(&format!("{CALLBACK}?state=")));
    let carried = carried(&back);
    assert_eq!(carried["state"], odd);
    assert_eq!(carried["iss"], ISSUER);
    let tokens = app.tokens(&back).await;
    assert_eq!(tokens.0["scope"], "openid profile");
    assert_eq!(carried["session_state"], tokens.0["session_state"].as_str().unwrap());
    let claims = tokens.claims();
    assert_eq!((&claims["iss"], &claims["nonce"]), (&json!(ISSUER), &json!("a-nonce")));
    assert_eq!(claims["sid"], tokens.0["session_state"]);
    assert_eq!(app.status_of(tokens.access()).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_07_a_code_works_once_and_its_second_use_ends_what_the_first_one_founded() {
    let app = App::start(json!({})).await;
    let (_, code) = code(&app).await;
    let first = app.exchange(&code).await;
    assert_eq!(first.status, 200, "{}", first.text());
    let tokens = super::Tokens(first.json());
    let second = app.exchange(&code).await;
    assert_eq!((second.status.as_u16(), &second.json()["error"]), (400, &json!("invalid_grant")));
    assert_eq!(app.status_of(tokens.access()).await, 401);
    assert_eq!(app.refresh(tokens.refresh()).await.json()["error"], "invalid_grant");
    let event = audited(&app.world, "token.revoke_family").await.pop().unwrap();
    assert_eq!(event["detail"]["reason"], "a used authorization code came again");
    assert!(!event.to_string().contains(&code));
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_07_a_code_ends_after_a_minute() {
    let app = App::start(json!({})).await;
    let (_, early) = code(&app).await;
    later(&app.world, 59_999);
    assert_eq!(app.exchange(&early).await.status, 200);
    let (_, late) = code(&app).await;
    later(&app.world, 60_000);
    let refused = app.exchange(&late).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_07_a_code_is_bound_to_client_address_and_realm() {
    let app = App::start(json!({})).await;
    let admin = app.world.person(r"t100\nexus").await;
    let other = make_client(&admin, json!({"clientId": "other"})).await;
    let (_, code) = code(&app).await;
    for redirect_uri in ["https://app.example/bye", "https://app.example/cb/", ""] {
        let refused = app.exchange_with(&code, &[("redirect_uri", redirect_uri)]).await;
        assert_eq!(refused.json()["error"], "invalid_grant", "{redirect_uri}");
    }
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let thief = app.world.anonymous().basic("other", &other);
    let refused = thief.post_form(&format!("{}/token", super::REALM), &form).await;
    assert_eq!(refused.json()["error"], "invalid_grant");
    let above = app.world.anonymous().basic("shop", &app.secret);
    let refused = above.post_form("/auth/v3/oauth/token", &form).await;
    assert_eq!(refused.json()["error"], "invalid_grant");
    // Whoever tried without all of it has used nothing up.
    assert_eq!(app.exchange(&code).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn pk_04_a_verifier_is_sent_where_a_challenge_was_and_nowhere_else() {
    let app = App::start(json!({"pkce": "optional"})).await;
    let wrong = "a".repeat(43);
    let (_, with) = code(&app).await;
    for verifier in ["", &wrong, "short", super::CHALLENGE] {
        let refused = app.exchange_with(&with, &[("code_verifier", verifier)]).await;
        assert_eq!(refused.json()["error"], "invalid_grant", "{verifier}");
    }
    assert_eq!(app.exchange(&with).await.status, 200);
    let mut browser = app.browser();
    let bare = request(&[("code_challenge", ""), ("code_challenge_method", "")]);
    let page = browser.open(&bare).await;
    let back = sign_in(&mut browser, &page, "vera").await;
    let without = carried(&back)["code"].clone();
    assert_eq!(app.exchange(&without).await.json()["error"], "invalid_grant");
    assert_eq!(app.exchange_with(&without, &[("code_verifier", "")]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_08_of_parallel_exchanges_one_succeeds_and_then_all_its_tokens_are_dead() {
    let app = std::sync::Arc::new(App::start(json!({})).await);
    for _ in 0..5 {
        let (_, code) = code(&app).await;
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let (app, code) = (std::sync::Arc::clone(&app), code.clone());
                tokio::spawn(async move { app.exchange(&code).await })
            })
            .collect();
        let mut won = Vec::new();
        for tried in tries {
            let answer = tried.await.unwrap();
            match answer.status.as_u16() {
                200 => won.push(super::Tokens(answer.json())),
                status => {
                    assert_eq!((status, &answer.json()["error"]), (400, &json!("invalid_grant")));
                }
            }
        }
        assert_eq!(won.len(), 1);
        assert_eq!(app.status_of(won[0].access()).await, 401);
        assert_eq!(app.refresh(won[0].refresh()).await.json()["error"], "invalid_grant");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_fails_costs_no_code() {
    let app = App::start(json!({})).await;
    let (_, code) = code(&app).await;
    app.world.place().refuse("INSERT", "tokens");
    let failed = app.exchange(&code).await;
    assert!(failed.status.is_server_error(), "{}", failed.status);
    app.world.place().mend("tokens");
    assert_eq!(app.exchange(&code).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_dies_with_whatever_it_rests_on() {
    let app = App::start(json!({})).await;
    let ops = app.world.person("ops").await;
    let admin = app.world.person(r"t100\nexus").await;
    let persons = admin.get("/v1/persons?search=vera").await.json();
    let vera = persons["persons"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/persons/{vera}");
    // The sign-in: it was signed out.
    let (_, one) = code(&app).await;
    assert_eq!(admin.delete(&format!("{path}/sessions")).await.status, 204);
    assert_eq!(app.exchange(&one).await.json()["error"], "invalid_grant");
    // The password.
    let (_, one) = code(&app).await;
    let set = json!({"password": PASSWORD, "mustChangePassword": false});
    assert_eq!(admin.post(&format!("{path}/set-password"), &set).await.status, 200);
    assert_eq!(app.exchange(&one).await.json()["error"], "invalid_grant");
    // The client.
    let (_, one) = code(&app).await;
    let changed = admin.patch("/v1/clients/shop", &json!({"description": "changed"})).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(
        app.exchange(&one).await.status,
        200,
        "a client that proves itself anew is the client"
    );
    // The tenant.
    let (_, one) = code(&app).await;
    let off = json!({"enabled": false});
    assert_eq!(ops.patch(&format!("/v1/tenants/{TENANT}"), &off).await.status, 200);
    assert_eq!(app.exchange(&one).await.status, 403, "the realm is out of service");
}
