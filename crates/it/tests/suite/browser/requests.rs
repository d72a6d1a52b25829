//! What is wrong with a request: said on a page where the client or the address is not known, told to the
//! client otherwise.

use super::{App, CALLBACK, CHALLENGE, REALM, asks_to_sign_in, error_of, request};
use it::{
    Browser,
    browser::{carried, encoded, form_of},
    world::OTHER_TENANT,
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn oa_13_an_unknown_client_or_address_is_said_on_a_page_and_leads_nowhere() {
    let app = App::start(json!({})).await;
    let mut browser = app.browser();
    for (name, value) in [
        ("client_id", "nobody"),
        ("client_id", ""),
        // Of the cluster, and so none of a realm's.
        ("client_id", "confidential"),
        ("client_id", "verifier-b"),
        ("redirect_uri", ""),
        ("redirect_uri", "https://evil.example/cb"),
        ("redirect_uri", "https://app.example/cb/"),
        ("redirect_uri", "https://app.example/cb?x=1"),
        ("redirect_uri", "https://app.example/cb#f"),
        ("redirect_uri", "https://app.example@evil.example/cb"),
        ("redirect_uri", "javascript:alert(1)"),
    ] {
        for prompt in ["", "none"] {
            let page = browser.get(&request(&[(name, value), ("prompt", prompt)])).await;
            assert_eq!(
                (page.status.as_u16(), page.header("location")),
                (400, ""),
                "{name}={value}"
            );
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            assert!(!page.text().contains("evil.example"), "{}", page.text());
        }
    }
    let admin = app.world.person(r"t100\nexus").await;
    assert_eq!(admin.patch("/v1/clients/shop", &json!({"enabled": false})).await.status, 200);
    assert_eq!(browser.get(&request(&[])).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_else_is_wrong_goes_back_to_the_client() {
    let app = App::start(json!({})).await;
    let mut browser = app.browser();
    for (error, other) in [
        ("invalid_request", &[("response_type", "")][..]),
        ("unsupported_response_type", &[("response_type", "token")]),
        ("unsupported_response_type", &[("response_type", "code id_token")]),
        ("invalid_request", &[("response_mode", "fragment")]),
        ("invalid_scope", &[("scope", "openid everything")]),
        ("invalid_request", &[("prompt", "none login")]),
        ("invalid_request", &[("prompt", "dance")]),
        ("invalid_request", &[("max_age", "soon")]),
        ("invalid_request", &[("id_token_hint", "none.of.ours")]),
        ("request_not_supported", &[("request", "eyJhbGciOiJub25lIn0.e30.")]),
        ("request_uri_not_supported", &[("request_uri", "https://app.example/request")]),
    ] {
        let back = browser.get(&request(other)).await;
        assert_eq!(back.status, 302, "{other:?} {}", back.text());
        assert!(back.header("location").starts_with(CALLBACK));
        assert_eq!(error_of(&back), error, "{other:?}");
        assert_eq!(carried(&back)["state"], "st4te");
        assert_eq!(carried(&back)["iss"], super::ISSUER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pk_01_pk_02_every_client_sends_a_challenge_by_s256() {
    for more in [json!({}), json!({"public": true})] {
        let app = App::start(more).await;
        let mut browser = app.browser();
        for (challenge, method) in [
            ("", ""),
            (CHALLENGE, ""),
            (CHALLENGE, "plain"),
            (CHALLENGE, "s256"),
            ("short", "S256"),
        ] {
            let other = [("code_challenge", challenge), ("code_challenge_method", method)];
            let back = browser.get(&request(&other)).await;
            assert_eq!(error_of(&back), "invalid_request", "{challenge} {method}");
        }
        assert!(asks_to_sign_in(&browser.get(&request(&[])).await));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_11_only_a_client_of_that_grant_gets_codes() {
    let app = App::start(json!({"grants": ["client_credentials"]})).await;
    let back = app.browser().get(&request(&[])).await;
    assert_eq!(error_of(&back), "unauthorized_client");
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_04_a_parameter_that_came_twice_is_refused() {
    let app = App::start(json!({})).await;
    let twice = app.browser().get(&format!("{}&scope=openid", request(&[]))).await;
    assert_eq!((twice.status.as_u16(), twice.header("location")), (400, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_12_a_native_app_listens_on_whatever_port_it_has() {
    let more =
        json!({"public": true, "redirectUris": ["http://127.0.0.1/cb", "http://[::1]:1/cb"]});
    let app = App::start(more).await;
    let mut browser = app.browser();
    for good in ["http://127.0.0.1:53682/cb", "http://127.0.0.1/cb", "http://[::1]:9/cb"] {
        assert!(asks_to_sign_in(&browser.get(&request(&[("redirect_uri", good)])).await), "{good}");
    }
    for bad in ["http://127.0.0.1:1/other", "http://127.0.0.2:1/cb", "https://127.0.0.1:1/cb"] {
        assert_eq!(browser.get(&request(&[("redirect_uri", bad)])).await.status, 400, "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_realm_that_is_not_there_or_is_out_of_service_is_said_on_a_page() {
    let app = App::start(json!({})).await;
    let ops = app.world.person("ops").await;
    let mut browser = app.browser();
    let elsewhere = |realm| request(&[]).replace("companya", realm);
    assert_eq!(browser.get(&elsewhere("nowhere")).await.status, 404);
    // A realm has its own clients alone.
    assert_eq!(browser.get(&elsewhere("companyb")).await.status, 400);
    let off = json!({"enabled": false});
    assert_eq!(ops.patch(&format!("/v1/tenants/{OTHER_TENANT}"), &off).await.status, 200);
    assert_eq!(browser.get(&elsewhere("companyb")).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_in_a_form_goes_to_the_client_and_nowhere_else() {
    let app = App::start(json!({})).await;
    let (mut browser, _) = app.signed_in("vera").await;
    let page = browser.open(&request(&[("response_mode", "form_post"), ("state", "\"><b>")])).await;
    assert_eq!(page.status, 200);
    let form = form_of(&page);
    assert_eq!(form.action, CALLBACK);
    let value = |name: &str| form.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    assert_eq!(value("state").as_deref(), Some("\"><b>"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://app.example;"), "{policy}");
    assert!(policy.contains("script-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(app.exchange(&value("code").unwrap()).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_a_form_is_the_same_request() {
    let app = App::start(json!({})).await;
    let mut browser = app.browser();
    let asked = request(&[]);
    let fields: Vec<(String, String)> =
        form_urlencoded::parse(asked.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let page = browser.post(&format!("{REALM}/auth"), &fields).await;
    let back = super::sign_in(&mut browser, &page, "vera").await;
    app.tokens(&back).await;
    let again = browser.post(&format!("{REALM}/auth"), &fields).await;
    assert_eq!(again.status, 303, "who is signed in goes on at once");
    app.tokens(&again).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_another_tenant_is_none_of_the_realms() {
    let app = App::start(json!({})).await;
    let bob = app.world.person(r"t200\bob").await;
    super::make_client(&bob, json!({"clientId": "theirs"})).await;
    let mut browser = Browser::new(app.world.anonymous());
    let asked = [("client_id", "theirs"), ("redirect_uri", CALLBACK), ("response_type", "code")];
    assert_eq!(browser.get(&format!("{REALM}/auth?{}", encoded(&asked))).await.status, 400);
}
