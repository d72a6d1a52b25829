//! What a caller tries to pass off as somebody else's word, or as another call.

use super::{Stage, configure, exchanged, route, seen};
use domain::{id::TenantId, rate_limit::Limit};
use it::{upstream::Upstream, world::TENANT};
use serde_json::json;
use service::rules::{Configured, TenantUpstream};

#[tokio::test]
async fn bc_12_nobody_says_in_a_trailer_whose_key_it_was() {
    let stage = Stage::start(|route| route.policy.identity.tenant = "x-acme-who".to_owned()).await;
    let forged = "x-keyward-tenant, x_keyward_key-id, x-acme-who, x-forwarded-for, x-end";
    let fields = forged.split(", ").map(|name| format!("{name}: forged\r\n")).collect::<String>();
    let text = format!(
        "POST /orders HTTP/1.1\r\nhost: a\r\nx-api-key: {}\r\ntransfer-encoding: chunked\r\ntrailer: {forged}\r\n\r\n4\r\nbody\r\n0\r\n{fields}\r\n",
        stage.key
    );
    let answer = exchanged(stage.listen().await, &text).await;
    assert!(answer.contains(r#""trailers":[["x-end","forged"]]"#), "{answer}");
}

#[tokio::test]
async fn ht_01_parameters_of_a_segment_lead_to_no_laxer_route() {
    let stage = Stage::start(|_| {}).await;
    let mut strict = route("strict", "/orders/admin", &stage.upstream);
    strict.policy.wanted.permissions = vec!["orders:admin".to_owned()];
    configure(&stage.world, vec![route("orders", "/orders", &stage.upstream), strict]);
    let caller = stage.caller();
    assert_eq!(caller.get("/orders/admin/x").await.status, 403);
    for path in ["/orders/admin;x/y", "/orders/admin;", "/orders/;a/admin", "/orders//admin;b"] {
        assert_eq!(caller.get(path).await.status, 400, "{path}");
    }
    assert_eq!(stage.upstream.calls(), 0);
    let told = caller.get("/orders/7;colour=red").await.json();
    assert_eq!(told["path"], "/orders/7;colour=red");
}

#[tokio::test]
async fn bc_12_nobody_names_another_call_than_the_one_that_was_judged() {
    let stage = Stage::start_with(
        Upstream::start().await,
        |config| {
            let proxy = domain::allow_list::AddressRule::parse("10.0.0.0/8").expect("a network");
            config.trusted_proxies.addresses.push(proxy);
        },
        |_| {},
    )
    .await;
    let names = [
        "x-original-url",
        "x-original-uri",
        "x-original-method",
        "x-forwarded-uri",
        "x-forwarded-method",
        "x-rewrite-url",
    ];
    let caller = names.iter().fold(stage.caller(), |caller, name| caller.with_header(name, "/x"));
    for from in ["10.0.0.1", "192.0.2.1"] {
        let told = caller.clone().from_address(from).get("/orders").await.json();
        for name in names {
            assert!(seen(&told, name).is_empty(), "{name}: {told}");
        }
    }
}

#[tokio::test]
async fn a_route_that_a_tenant_made_sees_no_secret_of_the_cluster() {
    let stage = Stage::start(|_| {}).await;
    let to = route("x", "/x", &stage.upstream).upstream;
    let room = TenantUpstream {
        tenant: TenantId::parse(TENANT).expect("an id"),
        upstream: to.clone(),
        host: None,
        prefix: Some("/t100".to_owned()),
    };
    let configured = Configured { upstreams: vec![room], ..Configured::default() };
    stage.world.service.configure_rules(configured).expect("rules that can be");
    let admin = stage.world.person(r"t100\nexus").await;
    let body = json!({"name": "mine", "prefix": "/t100", "upstream": to.to_string(),
        "forwardSecret": true, "keyTypes": [], "permission": null,
        "presentedIn": [{"header": "x-api-key"}]});
    let made = admin.post("/v1/gateway/routes", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let own = stage.caller().get("/t100").await.json();
    assert_eq!(seen(&own, "x-api-key"), std::slice::from_ref(&stage.key));
    let ops = stage.world.person("ops").await;
    let body = json!({"keyType": "nexus", "name": "all", "tenant": "*",
        "permissions": ["nexus:cluster:*"]});
    let key = ops.post("/v1/keys", &body).await;
    assert_eq!(key.status, 201, "{}", key.text());
    let secret = key.json()["secret"].as_str().expect("a secret").to_owned();
    let told = stage.world.anonymous().with_header("x-api-key", &secret).get("/t100").await.json();
    assert_eq!(seen(&told, "x-keyward-tenant"), ["*"]);
    assert!(!told.to_string().contains(&secret), "{told}");
}

#[tokio::test]
async fn a_policy_of_the_same_name_takes_nothing_of_a_route_s_limit() {
    let stage = Stage::start(|_| {}).await;
    let mut orders = route("orders", "/orders", &stage.upstream);
    orders.policy.limit = Limit::new(2, 60).ok();
    let policy = orders.policy.clone();
    let configured =
        Configured { routes: vec![orders], policies: vec![policy], ..Configured::default() };
    stage.world.service.configure_rules(configured).expect("rules that can be");
    let asks = stage.world.client("cluster-verifier").await.token.expect("a token");
    let check = stage.caller().with_header("x-keyward-authorization", &format!("Bearer {asks}"));
    assert_eq!(check.get("/check/orders").await.status, 200);
    assert_eq!(check.get("/check/orders").await.status, 200);
    assert_eq!(check.get("/check/orders").await.status, 429);
    assert_eq!(stage.caller().get("/orders").await.status, 200);
}
