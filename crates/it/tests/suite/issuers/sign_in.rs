//! Browsers that sign in to a realm by an issuer outside: a provider that can say anything.

use super::{
    NOW, path, person,
    there::{There, link},
    whoami,
};
use crate::browser::{CALLBACK, REALM, request};
use it::{
    Browser,
    browser::encoded,
    provider::{ISS, Provider},
    world::TENANT,
};
use serde_json::json;
use std::collections::BTreeMap;

#[tokio::test]
async fn a_browser_signs_in_by_an_issuer_and_the_client_gets_its_token() {
    let mut there = There::start().await;
    let asked = there.asked.clone();
    let expected = [
        ("response_type", "code"),
        ("client_id", "keyward"),
        ("scope", "openid profile email"),
        ("code_challenge_method", "S256"),
        ("redirect_uri", "http://127.0.0.1:8080/realms/companya/broker/sso/endpoint"),
    ];
    for (name, value) in expected {
        assert_eq!(asked[name], value);
    }
    let (caller, _) = there.signed_in("frieda", &["staff", "strangers"]).await;
    let who = whoami(&caller).await.json();
    assert_eq!(
        (&who["name"], &who["tenant"], &who["roles"]),
        (&json!("frieda"), &json!(TENANT), &json!(["viewer"]))
    );
    // The code went with PKCE's verifier and our own credentials.
    let (form, authorization) = there.provider.form();
    let form: BTreeMap<String, String> =
        form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    assert_eq!(
        (form["code"].as_str(), form["grant_type"].as_str()),
        ("a code", "authorization_code")
    );
    assert_eq!(form["redirect_uri"], asked["redirect_uri"]);
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let challenge = domain::secret::SecretDigest::of(&form["code_verifier"]);
    assert_eq!(BASE64_URL_SAFE_NO_PAD.encode(challenge.as_bytes()), asked["code_challenge"]);
    assert_eq!(authorization, it::caller::basic("keyward", "the%20secret%20of%20a%20client"));
    let made = person(&there.admin, &caller).await;
    assert_eq!(
        (&made["email"], &made["givenName"]),
        (&json!("frieda@example.com"), &json!("Frieda"))
    );
    // The browser is signed in: the next client gets its code at once.
    let again = there.browser.open(&request(&[])).await;
    assert!(again.header("location").starts_with(CALLBACK), "{}", again.text());
}

#[tokio::test]
async fn the_sign_in_page_leads_to_issuers_that_sign_in_and_to_no_others() {
    let there = There::start().await;
    let page = async |there: &There| {
        let mut browser = Browser::new(there.world.anonymous());
        browser.open(&request(&[])).await
    };
    assert!(page(&there).await.text().contains("Company sign-in"));
    for off in [json!({"signIn": false}), json!({"signIn": true, "enabled": false})] {
        assert_eq!(there.admin.patch(&path(&there.issuer), &off).await.status, 200);
        assert!(link(&page(&there).await).is_none(), "{off}");
    }
    let mut nobody = Browser::new(there.world.anonymous());
    assert_eq!(nobody.get("/realms/companya/broker/sso/login?ticket=x").await.status, 400);
    assert_eq!(nobody.get("/realms/companya/broker/none/endpoint?state=x").await.status, 404);
    assert_eq!(nobody.get("/realms/nowhere/broker/sso/endpoint").await.status, 404);
}

#[tokio::test]
async fn an_answer_that_this_browser_did_not_ask_for_is_refused() {
    let mut there = There::start().await;
    there.gives(&there.id_claims("frieda", &["bosses"]));
    assert_eq!(there.refused(&[("state", "another")]).await, 400);
    assert_eq!(there.refused(&[("state", "")]).await, 400);
    // Another browser was given the address: it has no cookie of this sign-in (login CSRF).
    let mine = std::mem::replace(&mut there.browser, Browser::new(there.world.anonymous()));
    assert_eq!(there.refused(&[]).await, 400);
    // Its own sign-in, and the other one's answer.
    let state = there.asked["state"].clone();
    there.go().await;
    assert_eq!(there.refused(&[("state", &state)]).await, 400);
    // What the cookie says was changed.
    there.browser = mine;
    let name = there.browser.cookies.keys().find(|name| name.ends_with("-broker")).unwrap().clone();
    let cookie = there.browser.cookies[&name].clone();
    let parts: Vec<&str> = cookie.splitn(4, '.').collect();
    let forged = format!("{}.{}.{}.{}", parts[0], i64::MAX, parts[2], parts[3]);
    for odd in [forged, format!("{cookie}x"), "x".to_owned(), parts[..3].join(".")] {
        there.browser.cookies.insert(name.clone(), odd);
        assert_eq!(there.refused(&[("state", &state)]).await, 400);
    }
    there.browser.cookies.insert(name, cookie);
    super::later(&there.world, 601);
    assert_eq!(there.refused(&[("state", &state)]).await, 400, "too late");
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_refused_before_its_code_goes_anywhere() {
    let mut there = There::start().await;
    there.gives(&there.id_claims("frieda", &["bosses"]));
    let _ = there.provider.calls();
    assert_eq!(there.refused(&[("iss", "https://evil.example")]).await, 400);
    // This one says that it always names itself (RFC 9207).
    assert_eq!(there.refused(&[("iss", "")]).await, 400);
    assert_eq!(there.refused(&[("error", "access_denied"), ("code", "")]).await, 400);
    assert_eq!(there.refused(&[("code", "")]).await, 400);
    assert!(there.provider.calls().is_empty());
    // Another issuer of the same realm: the cookie is not its own (mix-up).
    let mut other = super::company();
    other["name"] = json!("other");
    other["issuer"] = json!("https://other.example");
    super::made(&there.admin, &other).await;
    let state = there.asked["state"].clone();
    let query = encoded(&[("code", "a code"), ("state", &state)]);
    let mixed = there.browser.get(&format!("/realms/companya/broker/other/endpoint?{query}")).await;
    assert_eq!(mixed.status, 400, "{}", mixed.text());
}

#[tokio::test]
async fn jw_03_an_id_token_that_does_not_hold_signs_nobody_in() {
    let mut there = There::start().await;
    let good = there.id_claims("frieda", &["bosses"]);
    for (member, value) in [
        ("nonce", json!("another")),
        ("aud", json!("somebody")),
        ("azp", json!("somebody")),
        ("iss", json!("https://evil.example")),
        ("exp", json!(NOW - 61)),
        ("typ", json!("Bearer")),
        ("at_hash", json!("x")),
        ("sub", json!(1)),
    ] {
        let mut claims = good.clone();
        claims[member] = value.clone();
        there.gives(&claims);
        assert_eq!(there.refused(&[]).await, 400, "{member} {value}");
    }
    let forged = Provider::new().sign("JWT", &good);
    for tokens in [
        json!({"id_token": forged}),
        json!({"id_token": "x"}),
        json!({}),
        json!({"id_token": 7}),
        json!({"id_token": there.provider.sign("at+jwt", &good)}),
        json!({"status": 400, "error": "invalid_grant"}),
    ] {
        there.provider.gives(tokens);
        assert_eq!(there.refused(&[]).await, 400);
    }
    there.gives(&good);
    assert_eq!(there.back(&[]).await.status, 303);
}

#[tokio::test]
async fn roles_that_the_id_token_leaves_out_are_those_of_a_good_access_token_beside_it() {
    let mut there = There::start().await;
    // Whom it is for is not asked.
    let beside = json!({
        "iss": ISS, "sub": "frieda", "aud": "somebody", "exp": NOW + 300,
        "realm_access": {"roles": ["staff"]},
    });
    let changed = |member: &str, value: serde_json::Value| {
        let mut claims = beside.clone();
        claims[member] = value;
        there.provider.sign("JWT", &claims)
    };
    let good = there.provider.sign("at+jwt", &beside);
    let cases = [
        (good.clone(), false, json!(["viewer"])),
        // What the ID token says itself goes first.
        (good.clone(), true, json!([])),
        (good.clone(), false, json!(["viewer"])),
        (changed("sub", json!("gerd")), false, json!([])),
        (good.clone(), false, json!(["viewer"])),
        (changed("iss", json!("https://evil.example")), false, json!([])),
        (good.clone(), false, json!(["viewer"])),
        (changed("exp", json!(NOW - 61)), false, json!([])),
        (good.clone(), false, json!(["viewer"])),
        (changed("realm_access", json!({})), false, json!([])),
        (good.clone(), false, json!(["viewer"])),
        (Provider::new().sign("JWT", &beside), false, json!([])),
        (good, false, json!(["viewer"])),
        ("opaque".to_owned(), false, json!([])),
    ];
    for (at, (access_token, says, roles)) in cases.into_iter().enumerate() {
        there.browser = Browser::new(there.world.anonymous());
        there.go().await;
        let mut claims = there.id_claims("frieda", &[]);
        if !says {
            claims.as_object_mut().unwrap().remove("realm_access");
        }
        let caller = there.with_tokens(&access_token, &claims).await.0;
        assert_eq!(whoami(&caller).await.json()["roles"], roles, "{at}");
    }
}

#[tokio::test]
async fn a_role_that_the_issuer_took_away_is_gone_at_the_next_sign_in() {
    let mut there = There::start().await;
    let (first, _) = there.signed_in("frieda", &["bosses"]).await;
    assert_eq!(whoami(&first).await.json()["roles"], json!(["admin"]));
    there.browser = Browser::new(there.world.anonymous());
    there.go().await;
    let (second, _) = there.signed_in("frieda", &[]).await;
    assert_eq!(whoami(&second).await.json()["roles"], json!([]));
    assert_eq!(whoami(&first).await.json()["roles"], json!([]), "rights are read live");
    assert_eq!(whoami(&first).await.json()["id"], whoami(&second).await.json()["id"]);
}

#[tokio::test]
async fn the_end_of_an_issuer_ends_the_sessions_and_tokens_of_its_persons() {
    for delete in [false, true] {
        let mut there = There::start().await;
        let (caller, refresh) = there.signed_in("frieda", &["staff"]).await;
        let vera = there.world.person(r"t100\vera").await;
        let ended = match delete {
            true => there.admin.delete(&path(&there.issuer)).await.status,
            false => {
                there.admin.patch(&path(&there.issuer), &json!({"enabled": false})).await.status
            }
        };
        assert!(ended.is_success(), "{ended}");
        assert_eq!(whoami(&caller).await.status, 401);
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
        let client = there.world.anonymous().basic("shop", &there.secret);
        assert_eq!(client.post_form(&format!("{REALM}/token"), &form).await.status, 400);
        let page = there.browser.open(&request(&[])).await;
        assert_eq!(
            page.status,
            200,
            "the browser is asked to sign in: {}",
            page.header("location")
        );
        assert_eq!(whoami(&vera).await.status, 200, "nobody else");
    }
}

#[tokio::test]
async fn whoever_is_disabled_here_does_not_sign_in() {
    let mut there = There::start().await;
    let (caller, _) = there.signed_in("frieda", &[]).await;
    let id = whoami(&caller).await.json()["id"].as_str().unwrap().to_owned();
    let off = json!({"enabled": false});
    assert_eq!(there.admin.patch(&format!("/v1/persons/{id}"), &off).await.status, 200);
    there.browser = Browser::new(there.world.anonymous());
    there.go().await;
    there.gives(&there.id_claims("frieda", &["bosses"]));
    assert_eq!(there.refused(&[]).await, 400);
}
