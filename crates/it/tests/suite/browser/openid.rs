//! The Basic OP profile of the OpenID Foundation's conformance suite, module by module. Every request here
//! sends a challenge; what the suite sends without one needs a client that was made to do without.

use super::{
    App, CALLBACK, ISSUER, REALM, Tokens, asks_to_sign_in, claims, error_of, request, sign_in,
};
use crate::auth_v3::later;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use it::{
    Answer, Browser,
    browser::{carried, form_of},
};
use serde_json::{Value, json};

/// Signs in with another request than the usual one.
async fn by(app: &App, other: &[(&str, &str)]) -> (Browser, Tokens) {
    let mut browser = app.browser();
    let page = browser.open(&request(other)).await;
    let back = sign_in(&mut browser, &page, "vera").await;
    let tokens = app.tokens(&back).await;
    (browser, tokens)
}

/// What the userinfo endpoint tells.
async fn user_info(app: &App, tokens: &Tokens) -> Value {
    let caller = app.world.anonymous().bearer(tokens.access());
    let answer = caller.get(&format!("{REALM}/userinfo")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// A request that is let pass whatever else it says.
pub(super) async fn succeeds(other: &[(&str, &str)]) {
    let app = App::start(json!({})).await;
    let (_, tokens) = by(&app, other).await;
    assert_eq!(tokens.claims()["iss"], ISSUER);
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_01_server() {
    let app = App::start(json!({})).await;
    let (_, tokens) = app.signed_in("vera").await;
    let claims = tokens.claims();
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!((&claims["aud"], &claims["azp"]), (&json!("shop"), &json!("shop")));
    assert_eq!(claims["nonce"], "a-nonce");
    let now = it::world::START.as_millis() / 1_000;
    assert_eq!((claims["iat"].as_i64(), claims["auth_time"].as_i64()), (Some(now), Some(now)));
    assert!(claims["exp"].as_i64().unwrap() > now);
    assert_eq!(tokens.0["token_type"], "Bearer");
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_02_response_type_missing() {
    let app = App::start(json!({})).await;
    let back = app.browser().get(&request(&[("response_type", "")])).await;
    assert_eq!(
        (error_of(&back), carried(&back)["state"].as_str()),
        ("invalid_request".into(), "st4te")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_03_idtoken_signature() {
    let app = App::start(json!({})).await;
    let (_, tokens) = app.signed_in("vera").await;
    let header = tokens.id_token().split('.').next().unwrap();
    let header: Value =
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    let keys = app.world.anonymous().get(&format!("{REALM}/certs")).await.json();
    let known = keys["keys"].as_array().unwrap();
    let of = known.iter().find(|key| key["kid"] == header["kid"]).expect("the key is published");
    assert_eq!((&of["alg"], &of["use"]), (&header["alg"], &json!("sig")));
    let tenant = domain::id::TenantId::parse(it::world::TENANT).unwrap();
    let proved = app.world.service.verify_own(tenant, tokens.id_token()).await.unwrap();
    assert_eq!(Value::Object(proved.unwrap()), tokens.claims());
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_05_oi_06_oi_07_userinfo_get_post_header_post_body() {
    let app = App::start(json!({})).await;
    let (_, tokens) = app.signed_in("vera").await;
    let subject = tokens.claims()["sub"].clone();
    let path = format!("{REALM}/userinfo");
    let anonymous = app.world.anonymous();
    let bearer = anonymous.clone().bearer(tokens.access());
    let body = [("access_token", tokens.access())];
    for answer in [
        bearer.get(&path).await,
        bearer.post_form(&path, &[]).await,
        anonymous.post_form(&path, &body).await,
    ] {
        assert_eq!((answer.status.as_u16(), &answer.json()["sub"]), (200, &subject));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_08_ensure_request_without_nonce_succeeds_for_code_flow() {
    let app = App::start(json!({})).await;
    let (_, tokens) = by(&app, &[("nonce", "")]).await;
    assert_eq!(tokens.claims().get("nonce"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_09_oi_10_oi_11_oi_12_oi_13_scopes_profile_email_address_phone_all() {
    let app = App::start(
        json!({"scopes": ["roles"], "optionalScopes": ["profile", "email", "address", "phone"]}),
    )
    .await;
    let admin = app.world.person(r"t100\nexus").await;
    let found = admin.get("/v1/persons?search=vera").await.json();
    let path = format!("/v1/persons/{}", found["persons"][0]["id"].as_str().unwrap());
    let profile = json!({"email": "vera@t100.example", "givenName": "Vera", "familyName": "Volt"});
    assert_eq!(admin.patch(&path, &profile).await.status, 200);
    for (scope, has, has_not) in [
        (
            "openid profile",
            &["preferred_username", "given_name", "family_name", "name"][..],
            &["email"][..],
        ),
        ("openid email", &["email", "email_verified"], &["given_name", "name"]),
        // Nobody has an address or a phone number here: the scopes are taken and tell nothing.
        ("openid address", &["sub"], &["address", "email"]),
        ("openid phone", &["sub"], &["phone_number", "email"]),
        ("openid profile email address phone", &["given_name", "email"], &["address"]),
    ] {
        let (_, tokens) = by(&app, &[("scope", scope)]).await;
        let info = user_info(&app, &tokens).await;
        for member in has {
            assert!(info.get(*member).is_some(), "{scope}: {info}");
        }
        for member in has_not {
            assert_eq!(info.get(*member), None, "{scope}: {info}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_14_ensure_other_scope_order_succeeds() {
    succeeds(&[("scope", "email openid profile")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_28_codereuse() {
    let app = App::start(json!({})).await;
    let (_, code) = one_code(&app).await;
    assert_eq!(app.exchange(&code).await.status, 200);
    let again = app.exchange(&code).await;
    assert_eq!((again.status.as_u16(), &again.json()["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_29_codereuse_30seconds() {
    let app = App::start(json!({})).await;
    let (_, code) = one_code(&app).await;
    let tokens = Tokens(app.exchange(&code).await.json());
    later(&app.world, 30_000);
    let again = app.exchange(&code).await;
    assert_eq!((again.status.as_u16(), &again.json()["error"]), (400, &json!("invalid_grant")));
    assert_eq!(app.status_of(tokens.access()).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_30_ensure_registered_redirect_uri() {
    let app = App::start(json!({})).await;
    let page = app.browser().get(&request(&[("redirect_uri", "https://app.example/cb/foo")])).await;
    assert_eq!((page.status.as_u16(), page.header("location")), (400, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_31_ensure_post_request_succeeds() {
    let app = App::start(json!({})).await;
    let asked = request(&[]);
    let fields: Vec<(String, String)> =
        form_urlencoded::parse(asked.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let mut browser = app.browser();
    let page = browser.post(&format!("{REALM}/auth"), &fields).await;
    let back = sign_in(&mut browser, &page, "vera").await;
    app.tokens(&back).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_32_server_client_secret_post() {
    let app = App::start(json!({})).await;
    let (_, code) = one_code(&app).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", super::VERIFIER),
        ("client_id", "shop"),
        ("client_secret", &*app.secret),
    ];
    let answer = app.world.anonymous().post_form(&format!("{REALM}/token"), &form).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_33_oi_34_request_objects_are_rejected_as_unsupported() {
    let app = App::start(json!({})).await;
    for (name, error) in
        [("request", "request_not_supported"), ("request_uri", "request_uri_not_supported")]
    {
        let back = app.browser().get(&request(&[(name, "https://app.example/r")])).await;
        assert_eq!((error_of(&back), carried(&back)["state"].as_str()), (error.into(), "st4te"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_35_claims_essential() {
    succeeds(&[("claims", r#"{"userinfo":{"name":{"essential":true}}}"#)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_37_refresh_token() {
    let app = App::start(json!({})).await;
    let (_, tokens) = app.signed_in("vera").await;
    later(&app.world, 5_000);
    let answer = app.refresh(tokens.refresh()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let next = Tokens(answer.json());
    for member in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(next.claims()[member], tokens.claims()[member], "{member}");
    }
    assert_ne!(next.refresh(), tokens.refresh());
    assert_eq!(claims(next.access())["sid"], tokens.claims()["sid"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_38_ensure_request_with_valid_pkce_succeeds() {
    succeeds(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oi_39_discovery_endpoint_verification() {
    let app = App::start(json!({})).await;
    let answer =
        app.world.anonymous().get("/realms/companya/.well-known/openid-configuration").await;
    let known = answer.json();
    assert_eq!(known["issuer"], ISSUER);
    for (member, path) in [
        ("authorization_endpoint", "auth"),
        ("token_endpoint", "token"),
        ("userinfo_endpoint", "userinfo"),
        ("end_session_endpoint", "logout"),
        ("jwks_uri", "certs"),
    ] {
        assert_eq!(known[member], format!("{ISSUER}/protocol/openid-connect/{path}"), "{member}");
    }
    assert_eq!(known["response_types_supported"], json!(["code"]));
    assert_eq!(known["response_modes_supported"], json!(["query", "form_post"]));
    assert_eq!(known["code_challenge_methods_supported"], json!(["S256"]));
}

async fn one_code(app: &App) -> (Answer, String) {
    let mut browser = app.browser();
    let page = browser.open(&request(&[])).await;
    assert!(asks_to_sign_in(&page) && form_of(&page).fields.len() == 1);
    let back = sign_in(&mut browser, &page, "vera").await;
    let code = carried(&back)["code"].clone();
    (back, code)
}
