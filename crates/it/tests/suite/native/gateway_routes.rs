//! Routes of the gateway on our own wire: where they may stand, where they may go, and for whom.

mod places;

use domain::gateway_route::{GatewayRoute, Upstream, preset};
use domain::{id::TenantId, policy::Source};
use it::{Answer, Caller, World, world::TENANT};
use serde_json::{Value, json};
use service::rules::{Configured, TenantUpstream};

async fn create(caller: &Caller, body: &Value) -> Value {
    let answer = caller.post("/v1/gateway/routes", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

/// Status and field, or status and code.
async fn refused(caller: &Caller, body: &Value) -> (u16, String) {
    told(&caller.post("/v1/gateway/routes", body).await)
}

fn told(answer: &Answer) -> (u16, String) {
    let problem = answer.json();
    let word = problem["field"].as_str().or_else(|| problem["code"].as_str());
    (answer.status.as_u16(), word.unwrap_or_default().to_owned())
}

async fn change(caller: &Caller, name: &str, body: &Value) -> Answer {
    caller.patch(&format!("/v1/gateway/routes/{name}"), body).await
}

fn route(name: &str, prefix: &str) -> Value {
    json!({"name": name, "prefix": prefix, "upstream": "https://orders.example",
        "keyTypes": [], "permission": null, "presentedIn": ["bearer", {"header": "x-api-key"}]})
}

fn upstream(text: &str) -> Upstream {
    Upstream { configured: true, ..Upstream::parse(text).unwrap() }
}

/// The configuration of these tests: a preset's route, and room for the first tenant.
fn configure(world: &World) {
    let fixed = preset("engagement").unwrap();
    let fixed: GatewayRoute = fixed.route(upstream("http://127.0.0.1:9000"), Source::Configuration);
    let room = |text: &str, host: Option<&str>, prefix: Option<&str>| TenantUpstream {
        tenant: TenantId::parse(TENANT).unwrap(),
        upstream: upstream(text),
        host: host.map(str::to_owned),
        prefix: prefix.map(str::to_owned),
    };
    let configured = Configured {
        routes: vec![fixed],
        upstreams: vec![
            room("http://10.0.0.5:9000/t100", None, Some("/t100")),
            room("https://apps.example", Some("t100.example"), None),
        ],
        reserved: server::reserved_paths(),
        hosts: vec!["Keys.Example".to_owned()],
        ..Configured::default()
    };
    world.service.configure_rules(configured).unwrap();
}

fn found(world: &World, host: Option<&str>, path: &str) -> Option<String> {
    world.service.rules().find_route(host, path).map(|route| route.policy.name.clone())
}

#[tokio::test]
async fn a_route_is_what_it_was_made_as_and_found_with_the_answer() {
    let world = World::start().await;
    configure(&world);
    let ops = world.person("ops").await;
    let mut body = route("orders", "/orders/");
    body["host"] = json!("API.example");
    body["upstream"] = json!("https://orders.example:8443/v2");
    body["stripPrefix"] = json!(true);
    body["timeouts"] = json!({"answerMs": 1500});
    body["maxBodyBytes"] = json!(1_048_576);
    body["permission"] = json!("orders:read");
    let made = create(&ops, &body).await;
    let expected = json!({"name": "orders", "tenant": null, "keyTypes": [],
        "permission": "orders:read", "presentedIn": ["bearer", {"header": "x-api-key"}],
        "tokens": "refused", "cost": 1,
        "limit": null, "limitedAs": 429, "envelope": "problem",
        "identityHeaders": {"tenant": "x-keyward-tenant", "keyId": "x-keyward-key-id",
            "keyName": "x-keyward-key-name", "permissions": "x-keyward-permissions"},
        "source": "stored", "created": "2026-03-01T12:00:00.000Z", "version": 1,
        "host": "api.example", "prefix": "/orders", "upstream": "https://orders.example:8443/v2",
        "stripPrefix": true, "forwardSecret": false, "forwardHost": false,
        "timeouts": {"connectMs": 5000, "answerMs": 1500, "idleMs": 300_000},
        "maxBodyBytes": 1_048_576});
    assert_eq!(made, expected);
    assert_eq!(found(&world, Some("api.example"), "/orders/7").as_deref(), Some("orders"));
    assert_eq!(found(&world, Some("api.example"), "/ordersx"), None);
    assert_eq!(found(&world, None, "/orders"), None, "under its host alone");
    let rules = world.service.rules();
    assert!(!rules.routes()[0].upstream.configured, "the configuration does not name it");
    let stale = ops.clone().with_header("if-match", "\"7\"");
    assert_eq!(change(&stale, "orders", &json!({"stripPrefix": false})).await.status, 412);
    let same = change(&ops, "orders", &made).await;
    assert_eq!((same.status.as_u16(), same.json()), (200, made), "as it is shown");
    // Once the configuration names a server, it may be one within.
    let update = json!({"upstream": "http://127.0.0.1:9000/x", "host": null, "maxBodyBytes": null});
    let after = change(&ops, "orders", &update).await;
    assert_eq!((after.status.as_u16(), after.header("etag")), (200, "\"2\""), "{}", after.text());
    let rules = world.service.rules();
    assert!(rules.find_route(None, "/orders").unwrap().upstream.configured);
    assert_eq!(found(&world, Some("api.example"), "/%6Frders").as_deref(), Some("orders"));
    let world = world.restart().await;
    assert_eq!(found(&world, None, "/orders"), None, "nobody named its upstream yet");
    configure(&world);
    assert_eq!(found(&world, None, "/orders").as_deref(), Some("orders"));
    let ops = world.person("ops").await;
    assert_eq!(ops.get("/v1/gateway/routes/orders").await.json(), after.json());
    assert_eq!(ops.delete("/v1/gateway/routes/orders").await.status, 204);
    assert_eq!(found(&world, None, "/orders"), None);
    assert_eq!(ops.get("/v1/gateway/routes/orders").await.status, 404);
    let report = world.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test]
async fn a_preset_says_all_but_the_upstream_and_anything_else_may_be_said_besides() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let body = json!({"preset": "nexus-chat", "upstream": "https://chat.example"});
    let made = create(&ops, &body).await;
    assert_eq!(
        (&made["name"], &made["prefix"], &made["envelope"], &made["keyTypes"], &made["permission"]),
        (
            &json!("nexus-chat"),
            &json!("/nexus/v3/chat"),
            &json!("nexus"),
            &json!(["nexus"]),
            &json!({"any": ["nexus:consumer:chat", "nexus:cluster:chat"]})
        )
    );
    let other = json!({"preset": "nexus-chat", "name": "chat-2", "prefix": "/chat", "cost": 0,
        "upstream": "https://chat.example"});
    let made = create(&ops, &other).await;
    assert_eq!(
        (&made["name"], &made["cost"], &made["envelope"]),
        (&json!("chat-2"), &json!(0), &json!("nexus"))
    );
    let unknown = json!({"preset": "colour", "upstream": "https://chat.example"});
    assert_eq!(refused(&ops, &unknown).await, (400, "preset".to_owned()));
    let bare = json!({"upstream": "https://chat.example"});
    assert_eq!(refused(&ops, &bare).await, (400, "name".to_owned()));
}

#[tokio::test]
async fn a_route_without_a_preset_says_what_passes_and_a_change_need_not() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    for member in ["keyTypes", "permission", "presentedIn"] {
        let mut body = route("orders", "/orders");
        body.as_object_mut().unwrap().remove(member);
        assert_eq!(refused(&ops, &body).await, (400, member.to_owned()));
        body["preset"] = Value::Null;
        assert_eq!(refused(&ops, &body).await, (400, member.to_owned()), "null is no preset");
    }
    let mut nowhere = route("orders", "/orders");
    nowhere["presentedIn"] = json!([]);
    assert_eq!(refused(&ops, &nowhere).await, (400, "presentedIn".to_owned()));
    assert_eq!(ops.get("/v1/gateway/routes").await.json()["routes"], json!([]));
    // To say that anything passes is another thing than to say nothing.
    let mut open = route("orders", "/orders");
    open["keyTypes"] = Value::Null;
    let made = create(&ops, &open).await;
    assert_eq!((&made["keyTypes"], &made["permission"]), (&json!([]), &Value::Null));
    let closed = json!({"keyTypes": ["api"], "permission": "orders:read"});
    assert_eq!(change(&ops, "orders", &closed).await.status, 200);
    let after = change(&ops, "orders", &json!({"cost": 2})).await.json();
    assert_eq!(
        (&after["keyTypes"], &after["permission"]),
        (&json!(["api"]), &json!("orders:read"))
    );
}

#[tokio::test]
async fn ss_02_what_the_configuration_does_not_name_is_https_and_values_are_checked_by_name() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    for (member, value, field) in [
        ("upstream", json!("http://orders.example"), "upstream"),
        ("upstream", json!("https://orders.example:6379"), "upstream"),
        ("upstream", json!("https://user:word@orders.example"), "upstream"),
        ("upstream", json!("https://orders.example/?x=1"), "upstream"),
        ("upstream", json!("https://0x7f.1"), "upstream"),
        ("upstream", json!("gopher://orders.example"), "upstream"),
        ("prefix", json!("orders"), "prefix"),
        ("prefix", json!("/a//b"), "prefix"),
        ("prefix", json!("/a/../b"), "prefix"),
        ("prefix", json!("/a%2fb"), "prefix"),
        ("prefix", json!("/a?b"), "prefix"),
        ("host", json!("api.example:80"), "host"),
        ("host", json!(""), "host"),
        ("timeouts", json!({"connectMs": 0}), "timeouts.connectMs"),
        ("timeouts", json!({"idleMs": 3_600_001}), "timeouts.idleMs"),
        ("maxBodyBytes", json!(1_000_000_000_000_001_u64), "maxBodyBytes"),
        ("maxBodyBytes", json!(-1), "maxBodyBytes"),
        ("permission", json!("orders:*"), "permission"),
        ("keyTypes", json!(["colour"]), "keyTypes"),
        ("source", json!("stored"), "source"),
    ] {
        let mut body = route("orders", "/orders");
        body[member] = value.clone();
        assert_eq!(refused(&ops, &body).await, (400, field.to_owned()), "{member} {value}");
    }
    assert_eq!(ops.get("/v1/gateway/routes").await.json()["routes"], json!([]));
    let vera = world.person(r"t100\vera").await;
    assert_eq!(vera.get("/v1/gateway/routes").await.status, 403);
    assert_eq!(refused(&vera, &route("x", "/x")).await.0, 403);
    assert_eq!(world.anonymous().get("/v1/gateway/routes").await.status, 401);
    assert_eq!(refused(&world.anonymous(), &route("x", "/x")).await.0, 401);
    create(&ops, &route("orders", "/orders")).await;
    let renamed = change(&ops, "orders", &json!({"name": "other"})).await;
    assert_eq!(told(&renamed), (400, "name".to_owned()));
    assert_eq!(change(&ops, "nothing", &json!({})).await.status, 404);
}
