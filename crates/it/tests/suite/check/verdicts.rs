//! What each verdict is answered with, and what the upstream learns.

use super::*;
use it::world::{OTHER_TENANT, START};

#[tokio::test]
async fn a_key_that_holds_passes_and_the_upstream_learns_whose_it_is() {
    let world = world_of(vec![orders()]).await;
    let key = made(
        &world,
        json!({"name": "Zürich 100%, night", "permissions":
        ["orders:read", "orders:write"], "limit": {"capacity": 5, "frequency": 60}}),
    )
    .await;
    let answer = check(&asked(&world, "GET", "/orders"), secret(&key)).await;
    assert_eq!((answer.status.as_u16(), answer.text()), (200, String::new()));
    let id = key["id"].as_str().unwrap().to_owned();
    let name = "Z%C3%BCrich%20100%25,%20night".to_owned();
    let permissions = "orders:read orders:write".to_owned();
    assert_eq!(identity(&answer), [TENANT.to_owned(), id, name, permissions]);
    assert_eq!(answer.header("x-keyward-status"), "200");
    assert_eq!(answer.header("ratelimit-policy"), "\"key\";q=5;w=60");
    assert_eq!(answer.header("ratelimit"), "\"key\";r=4;t=60");
    assert_eq!(answer.header("vary"), "Origin");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_key_of_the_cluster_passes_every_tenants_policy() {
    let world = world_of(vec![orders()]).await;
    let made = made_by(
        &world.person("ops").await,
        json!({"keyType": "nexus", "tenant": "*",
        "permissions": ["nexus:cluster:*"]}),
    )
    .await;
    let caller = asked(&world, "GET", "/orders");
    assert_eq!(check(&caller, secret(&made)).await.status, 403, "it may not read orders");
    let any = Policy { wanted: Wanted::default(), ..orders() };
    configure(&world, vec![any]);
    let answer = check(&caller, secret(&made)).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-keyward-tenant")), (200, "*"));
}

#[tokio::test]
async fn en_02_every_key_that_is_none_gets_one_answer() {
    let other = Policy { tenant: TenantId::parse(OTHER_TENANT).ok(), ..policy("other") };
    let types = Policy { key_types: vec!["nexus".to_owned()], ..policy("nexus") };
    let world = world_of(vec![orders(), other, types]).await;
    let admin = world.person(r"t100\nexus").await;
    let valid = made(&world, json!({})).await;
    let revoked = made(&world, json!({})).await;
    let path = format!("/v1/keys/{}/revoke", revoked["id"].as_str().unwrap());
    assert_eq!(admin.post(&path, &json!({})).await.status, 200);
    let (past, later) = (START.plus_seconds(60), START.plus_seconds(86_400));
    let expired = made(&world, json!({"expires": past.to_string()})).await;
    world.clock.advance_millis(120_000);
    let early = made(&world, json!({"startsAt": later.to_string()})).await;
    let disabled = made(&world, json!({"enabled": false})).await;
    let caller = asked(&world, "GET", "/orders");
    let ask = async |policy: &str, secret: &str| {
        let answer = caller.clone().with_header("x-api-key", secret).get(policy).await;
        assert!(identity(&answer).iter().all(String::is_empty), "{:?}", answer.headers);
        told(&answer)
    };
    let unknown = ask("/check/orders", "9b7682b7-cbce-422f-9bbb-ecda85e61695").await;
    assert!(unknown.starts_with("401") && unknown.contains("invalid_key"), "{unknown}");
    assert!(unknown.contains(r#""x-keyward-status": "401""#), "{unknown}");
    for (what, policy, text) in [
        ("malformed", "/check/orders", "short"),
        ("a wrong checksum", "/check/orders", "kw_00000000000000000000000000000000000000"),
        ("another tenant's", "/check/other", secret(&valid)),
        ("of another type", "/check/nexus", secret(&valid)),
        ("revoked", "/check/orders", secret(&revoked)),
        ("disabled", "/check/orders", secret(&disabled)),
        ("not yet valid", "/check/orders", secret(&early)),
        ("expired", "/check/orders", secret(&expired)),
    ] {
        assert_eq!(ask(policy, text).await, unknown, "{what}");
    }
    assert_eq!(check(&caller, secret(&valid)).await.status, 200, "one that is");
}

#[tokio::test]
async fn a_key_that_is_not_for_this_call_is_refused_by_name() {
    let world = world_of(vec![orders()]).await;
    let of = async |more| secret(&made(&world, more).await).to_owned();
    let by_origin = of(json!({"allowList": {"origins": ["app.example"]}})).await;
    let by_address = of(json!({"allowList": {"addresses": ["198.51.100.0/24"]}})).await;
    let by_method = of(json!({"allowList": {"methods": ["GET"]}})).await;
    let by_path = of(json!({"allowList": {"paths": ["/orders"]}})).await;
    let without = of(json!({"permissions": ["orders:write"]})).await;
    let refused = async |caller: Caller, secret: &str, why: &str| {
        let answer = check(&caller, secret).await;
        assert_eq!(answer.status, 403, "{}", answer.text());
        assert_eq!(answer.json()["code"], "key_forbidden");
        assert!(answer.text().contains(why), "{}", answer.text());
        assert!(identity(&answer).iter().all(String::is_empty), "{:?}", answer.headers);
    };
    let call = |method: &str, path: &str| asked(&world, method, path);
    refused(call("GET", "/orders"), &by_origin, "origin").await;
    let evil = call("GET", "/orders").with_header("origin", "https://app.example.evil.example");
    refused(evil, &by_origin, "origin").await;
    refused(call("GET", "/orders"), &by_address, "address").await;
    refused(call("POST", "/orders"), &by_method, "method").await;
    refused(call("GET", "/admin"), &by_path, "path").await;
    refused(call("GET", "/orders"), &without, "permission").await;
    let passes = async |caller: Caller, secret: &str| {
        let answer = check(&caller, secret).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    passes(call("GET", "/orders").with_header("origin", "https://app.example"), &by_origin).await;
    let page = call("GET", "/orders").with_header("referer", "https://app.example/page?x=1");
    passes(page, &by_origin).await;
    let listed =
        world.anonymous().from_address(PROXY).with_header("x-forwarded-for", "198.51.100.9");
    passes(listed, &by_address).await;
    passes(call("GET", "/admin"), &by_method).await;
    passes(call("GET", "/orders/7?a=b"), &by_path).await;
}

#[tokio::test]
async fn bt_01_without_a_key_the_challenge_is_bare_and_names_the_place() {
    let header = vec![Place::Header("x-api-key".into())];
    let own = Policy { presented_in: header, ..policy("header") };
    let world = world_of(vec![orders(), own]).await;
    let caller = asked(&world, "GET", "/orders");
    let answer = caller.get("/check/orders").await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"keyward\"");
    let answer = caller.get("/check/header").await;
    assert_eq!(answer.header("www-authenticate"), "ApiKey realm=\"keyward\"");
    let wrong = check(&caller, "9b7682b7-cbce-422f-9bbb-ecda85e61695").await;
    let challenge = "Bearer realm=\"keyward\", error=\"invalid_token\"";
    assert_eq!(wrong.header("www-authenticate"), challenge);
}

#[tokio::test]
async fn bc_12_identity_headers_of_the_client_never_come_back() {
    let names = IdentityHeaders { tenant: "x-org".to_owned(), ..IdentityHeaders::default() };
    let world = world_of(vec![orders(), Policy { identity: names, ..policy("named") }]).await;
    let key = made(&world, json!({})).await;
    let mut forged = asked(&world, "GET", "/orders");
    for name in IDENTITY.into_iter().chain(["x-org", "X-Keyward-Status"]) {
        forged = forged.with_header(name, "forged");
    }
    for (policy, tenant) in [("/check/orders", "x-keyward-tenant"), ("/check/named", "x-org")] {
        let caller = forged.clone().with_header("x-api-key", secret(&key));
        let answer = caller.get(policy).await;
        assert_eq!((answer.status.as_u16(), answer.header(tenant)), (200, TENANT));
        assert!(!format!("{:?}", answer.headers).contains("forged"), "{:?}", answer.headers);
        for name in IDENTITY {
            assert!(answer.headers.get_all(name).iter().count() <= 1, "{name}");
        }
    }
    let refused = forged.get("/check/orders").await;
    assert_eq!(refused.status, 401);
    assert!(!format!("{:?}", refused.headers).contains("forged"), "{:?}", refused.headers);
}

#[tokio::test]
async fn a_policy_changes_and_goes_at_once() {
    let world = world_of(vec![orders()]).await;
    let key = made(&world, json!({})).await;
    let caller = asked(&world, "GET", "/orders");
    assert_eq!(check(&caller, secret(&key)).await.status, 200);
    let permissions = vec!["orders:delete".to_owned()];
    let wanted = Wanted { any: true, permissions };
    configure(&world, vec![Policy { wanted, ..orders() }]);
    assert_eq!(check(&caller, secret(&key)).await.status, 403);
    configure(&world, Vec::new());
    assert_eq!(check(&caller, secret(&key)).await.status, 404);
}
