//! How an issuer is asked for its keys (SS-01, SS-02, SS-04, AP-10): how often, where, and what of its
//! answers is taken.

use super::{believing, calling, claims, company, later, made, path, whoami};
use domain::{
    id::Scope,
    issuer::{Issuer, JwsAlgorithm, TokenType},
    policy::Source,
};
use it::{
    provider::{ISS, Provider},
    world::tenant,
};
use serde_json::{Value, json};
use service::{
    issuers::{ConfiguredIssuer, configured_id},
    outbound::CallFailed,
};

const CONFIGURATION: &str = "https://sso.example/realms/staff/.well-known/openid-configuration";
const KEYS: &str = "https://sso.example/keys";

#[tokio::test]
async fn ap_10_an_issuer_is_asked_once_however_many_call() {
    let provider = Provider::new();
    let (world, _, _) = believing(&provider).await;
    let callers: Vec<_> =
        (0..50).map(|n| calling(&world, &provider, &claims(&format!("p{}", n % 5), &[]))).collect();
    let calls = callers.iter().map(|caller| {
        let caller = caller.clone();
        tokio::spawn(async move { whoami(&caller).await.status.as_u16() })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), 200);
    }
    assert_eq!(provider.calls(), [CONFIGURATION, KEYS]);
}

#[tokio::test]
async fn ap_10_a_new_key_is_found_and_unknown_ones_are_asked_for_once_a_minute() {
    let provider = Provider::new();
    let (world, _, _) = believing(&provider).await;
    assert_eq!(whoami(&calling(&world, &provider, &claims("g", &[]))).await.status, 200);
    let _ = provider.calls();
    provider.rotates("k2");
    let new = calling(&world, &provider, &claims("g", &[]));
    // It was asked a moment ago.
    assert_eq!(whoami(&new).await.status, 401);
    assert!(provider.calls().is_empty());
    later(&world, 61);
    assert_eq!(whoami(&new).await.status, 200);
    assert_eq!(provider.calls(), [CONFIGURATION, KEYS]);
    let unknown = Provider::new();
    unknown.rotates("k9");
    for _ in 0..20 {
        assert_eq!(whoami(&calling(&world, &unknown, &claims("g", &[]))).await.status, 401);
    }
    assert!(provider.calls().is_empty());
    later(&world, 61);
    for _ in 0..20 {
        assert_eq!(whoami(&calling(&world, &unknown, &claims("g", &[]))).await.status, 401);
    }
    assert_eq!(provider.calls(), [CONFIGURATION, KEYS]);
}

#[tokio::test]
async fn ap_10_what_an_issuer_said_last_holds_for_some_hours_and_no_longer() {
    let provider = Provider::new();
    let (world, _, _) = believing(&provider).await;
    let mut long = claims("g", &[]);
    long["exp"] = json!(super::NOW + 100_000);
    let caller = calling(&world, &provider, &long);
    assert_eq!(whoami(&caller).await.status, 200);
    provider.fails(Some(CallFailed::NoAnswer));
    later(&world, 3_601);
    assert_eq!(whoami(&caller).await.status, 200);
    later(&world, 5 * 3_600);
    let answer = whoami(&caller).await;
    assert_eq!(answer.status, 503, "{}", answer.text());
    provider.fails(None);
    // It was asked a moment ago, in vain.
    assert_eq!(whoami(&caller).await.status, 503);
    later(&world, 11);
    assert_eq!(whoami(&caller).await.status, 200);
}

#[tokio::test]
async fn ss_04_each_address_of_a_configuration_is_held_to_the_same_rules() {
    // Every way by which an issuer could make us call: its configuration, its keys, its token endpoint.
    // There is no `request_uri`, no `logo_uri`, no userinfo, and no registration that would be called.
    let within = [
        "http://sso.example/keys",
        "http://127.0.0.1/keys",
        "https://sso.example:22/keys",
        "https://2130706433/keys",
        "file:///etc/passwd",
        "//sso.example/keys",
        "gopher://sso.example/",
        "",
    ];
    for member in ["jwks_uri", "token_endpoint", "authorization_endpoint"] {
        for url in within {
            let provider = Provider::new();
            let (world, _, _) = believing(&provider).await;
            provider.says(member, json!(url));
            let answer = whoami(&calling(&world, &provider, &claims("g", &[]))).await;
            assert_eq!(answer.status, 503, "{member} {url}: {}", answer.text());
            assert_eq!(provider.calls(), [CONFIGURATION], "{member} {url}");
            assert!(!answer.text().contains("sso.example"), "{}", answer.text());
        }
    }
}

#[tokio::test]
async fn jw_03_a_configuration_that_names_another_issuer_is_not_believed() {
    for named in
        [json!("https://evil.example"), json!(format!("{ISS}/")), json!(null), json!([ISS])]
    {
        let provider = Provider::new();
        let (world, _, _) = believing(&provider).await;
        provider.says("issuer", named);
        assert_eq!(whoami(&calling(&world, &provider, &claims("g", &[]))).await.status, 503);
        assert_eq!(provider.calls(), [CONFIGURATION]);
    }
}

#[tokio::test]
async fn ap_10_answers_of_every_kind_of_wrong_are_refused() {
    for failed in
        [CallFailed::TooLong, CallFailed::TooLate, CallFailed::NotJson, CallFailed::NotAllowed]
    {
        let provider = Provider::new();
        let (world, _, _) = believing(&provider).await;
        provider.fails(Some(failed));
        assert_eq!(
            whoami(&calling(&world, &provider, &claims("g", &[]))).await.status,
            503,
            "{failed}"
        );
    }
    let provider = Provider::new();
    let (world, admin, issuer) = believing(&provider).await;
    provider.says("status", json!(500));
    assert_eq!(whoami(&calling(&world, &provider, &claims("g", &[]))).await.status, 503);
    // The administrator can look after it all the same.
    assert_eq!(admin.patch(&path(&issuer), &json!({"label": "x"})).await.status, 200);
}

/// An issuer as the configuration holds it.
fn configured(scope: Scope, change: impl FnOnce(&mut Issuer)) -> ConfiguredIssuer {
    let mut issuer = Issuer {
        id: configured_id(scope, "sso"),
        scope,
        name: "sso".to_owned(),
        label: "sso".to_owned(),
        issuer: ISS.to_owned(),
        client_id: None,
        has_secret: false,
        scopes: vec!["openid".to_owned()],
        audiences: vec!["keyward-api".to_owned()],
        token_types: vec![TokenType::Jwt],
        algorithms: JwsAlgorithm::USUAL.to_vec(),
        username_claim: "preferred_username".to_owned(),
        roles_claim: Some("realm_access.roles".to_owned()),
        role_map: vec![domain::issuer::MappedRole {
            value: "bosses".to_owned(),
            role: "ops".to_owned(),
        }],
        sign_in: false,
        callers: true,
        allow_http: false,
        enabled: true,
        source: Source::Configuration,
    };
    change(&mut issuer);
    ConfiguredIssuer { issuer, secret: None }
}

#[tokio::test]
async fn the_configuration_alone_believes_an_issuer_for_the_cluster() {
    let provider = Provider::new();
    let world = provider.world().await;
    world.service.configure_issuers(vec![configured(Scope::Cluster, |_| ())]).unwrap();
    let boss = calling(&world, &provider, &claims("greta", &["bosses"]));
    let who = whoami(&boss).await.json();
    assert_eq!((&who["tenant"], &who["roles"]), (&json!("*"), &json!(["ops"])));
    assert_eq!(boss.get("/v1/tenants").await.status, 200);
    // It is shown to the cluster, and changed by nobody.
    let ops = world.person("ops").await;
    let list = ops.get("/v1/issuers").await.json();
    let issuer: &Value = &list["issuers"][0];
    assert_eq!((&issuer["source"], &issuer["version"]), (&json!("configuration"), &json!(0)));
    for answer in
        [ops.patch(&path(issuer), &json!({"label": "x"})).await, ops.delete(&path(issuer)).await]
    {
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (409, &json!("conflict")));
    }
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.get(&path(issuer)).await.status, 404);
    // And it is in the way of a tenant's, whose tokens would be told from its own by nothing.
    assert_eq!(admin.post("/v1/issuers", &company()).await.status, 409);
}

#[tokio::test]
async fn ss_01_the_operators_word_reaches_as_far_as_the_server_that_it_names() {
    let provider = Provider::new();
    let world = provider.world().await;
    let named = configured(tenant(), |issuer| {
        issuer.role_map.clear();
        "http://127.0.0.1:9000/realms/staff".clone_into(&mut issuer.issuer);
        issuer.allow_http = true;
    });
    world.service.configure_issuers(vec![named]).unwrap();
    provider.says("issuer", json!("http://127.0.0.1:9000/realms/staff"));
    let mut said = claims("greta", &[]);
    said["iss"] = json!("http://127.0.0.1:9000/realms/staff");
    let caller = calling(&world, &provider, &said);
    for elsewhere in
        ["http://127.0.0.1:9001/keys", "http://sso.example/keys", "https://127.0.0.1/keys/"]
    {
        provider.says("authorization_endpoint", json!("http://127.0.0.1:9000/auth"));
        provider.says("token_endpoint", json!("http://127.0.0.1:9000/token"));
        provider.says("jwks_uri", json!(elsewhere));
        let status = whoami(&caller).await.status;
        // The last one is https, so it is only refused where its address is looked at.
        assert!(status == 503 || status == 401, "{elsewhere}: {status}");
        later(&world, 11);
    }
    provider.says("jwks_uri", json!(KEYS));
    assert_eq!(whoami(&caller).await.status, 200);
}

#[tokio::test]
async fn an_issuer_made_here_is_believed_after_a_restart() {
    let provider = Provider::new();
    let (world, _, _) = believing(&provider).await;
    let token = provider.sign("JWT", &claims("greta", &["bosses"]));
    let outbound = provider.outbound();
    let world = world.restart_with(|_, config| config.outgoing.calls = Some(outbound)).await;
    assert_eq!(whoami(&world.anonymous().bearer(&token)).await.json()["roles"], json!(["admin"]));
    let admin = world.person(r"t100\nexus").await;
    let tenant = format!("/v1/tenants/{}", it::world::TENANT);
    let ops = world.person("ops").await;
    assert_eq!(ops.delete(&tenant).await.status, 204);
    assert_eq!(whoami(&world.anonymous().bearer(&token)).await.status, 401);
    assert_eq!(admin.get("/v1/issuers").await.status, 401);
    assert_eq!(ops.get("/v1/issuers").await.json()["issuers"], json!([]));
    let _ = made;
}
