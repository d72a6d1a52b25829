//! What is refused, in whose words, and that nothing of it reaches the upstream.

use super::{PERMISSION, Stage, exchanged};
use domain::policy::Envelope;
use it::{Caller, api_keys::ApiKey};
use serde_json::{Value, json};

async fn said(caller: &Caller, path: &str) -> (u16, Value, String) {
    let answer = caller.get(path).await;
    let mut json = answer.json();
    for id in ["referenceId", "requestId", "instance"] {
        if json.get(id).is_some() {
            json[id] = json!("<id>");
        }
    }
    if json.pointer("/status/corrId").is_some() {
        json["status"]["corrId"] = json!("<id>");
    }
    let challenge = answer.header("www-authenticate").to_owned();
    (answer.status.as_u16(), json, challenge)
}

#[tokio::test]
async fn whatever_is_wrong_with_a_key_is_one_answer_of_the_wire() {
    for envelope in [Envelope::Nexus, Envelope::Ges, Envelope::Experience] {
        let stage = Stage::start(|route| route.policy.envelope = envelope).await;
        let (world, admin) = (&stage.world, &stage.admin);
        let disabled = ApiKey::with(PERMISSION).disabled().made(world, admin).await;
        let soon = it::world::START.plus_millis(1_000);
        let expired = ApiKey::with(PERMISSION).until(soon).made(world, admin).await;
        world.clock.advance_millis(2_000);
        let mut answers = vec![said(&world.anonymous(), "/orders").await];
        for key in [disabled.as_str(), &expired, "nonsense", &stage.key.replace("kw_", "kw_x")] {
            let caller = world.anonymous().with_header("x-api-key", key);
            answers.push(said(&caller, "/orders").await);
        }
        assert_eq!(answers[0].0, 401, "{envelope:?}");
        for other in &answers[1..] {
            assert_eq!(*other, answers[0], "{envelope:?}");
        }
        assert_eq!(stage.upstream.calls(), 0);
    }
}

#[tokio::test]
async fn a_permission_that_is_missing_and_a_limit_are_said_in_the_envelope() {
    for (envelope, pointer, forbidden, limited) in [
        (Envelope::Nexus, "/status/code", json!("FAILURE"), json!("FAILURE")),
        (Envelope::Ges, "/status/code", json!(403), json!(429)),
        (Envelope::Experience, "/error", json!("forbidden"), json!("limited")),
        (Envelope::Problem, "/code", json!("key_forbidden"), json!("limited")),
    ] {
        let stage = Stage::start(|route| route.policy.envelope = envelope).await;
        let other = ApiKey::with("invoices:read").made(&stage.world, &stage.admin).await;
        let other = stage.world.anonymous().with_header("x-api-key", &other);
        let (status, json, _) = said(&other, "/orders").await;
        assert_eq!((status, json.pointer(pointer)), (403, Some(&forbidden)), "{envelope:?}");
        let key = ApiKey::with(PERMISSION).limited(1, 60).made(&stage.world, &stage.admin).await;
        let caller = stage.world.anonymous().with_header("x-api-key", &key);
        let first = caller.get("/orders").await;
        assert_eq!(first.status, 200);
        assert_eq!(first.header("ratelimit-policy"), "\"key\";q=1;w=60");
        let (status, json, _) = said(&caller, "/orders").await;
        assert_eq!((status, json.pointer(pointer)), (429, Some(&limited)), "{envelope:?}");
        assert_eq!(caller.get("/orders").await.header("retry-after"), "60");
        assert_eq!(stage.upstream.calls(), 1);
    }
}

#[tokio::test]
async fn nexusone_tells_a_missing_key_from_a_wrong_one_as_its_framework_does() {
    let stage = Stage::start(|route| route.policy.envelope = Envelope::Nexusone).await;
    let missing = said(&stage.world.anonymous(), "/orders").await;
    assert_eq!(missing, (401, json!({"detail": "Not authenticated"}), "APIKey".to_owned()));
    let wrong = stage.world.anonymous().with_header("x-api-key", "psk_nonsense");
    let wrong = said(&wrong, "/orders").await;
    assert_eq!(wrong, (401, json!({"detail": "Invalid API key"}), "APIKey".to_owned()));
}

#[tokio::test]
async fn another_tenant_s_key_is_no_key_where_the_route_is_a_tenant_s() {
    let other = domain::id::TenantId::parse(it::world::OTHER_TENANT).expect("an id");
    let stage = Stage::start(|route| route.policy.tenant = Some(other)).await;
    assert_eq!(stage.caller().get("/orders").await.status, 401);
    assert_eq!(stage.upstream.calls(), 0);
}

#[tokio::test]
async fn ht_01_a_path_that_can_be_read_in_two_ways_is_refused() {
    let stage = Stage::start(|_| {}).await;
    for path in [
        "/orders/../admin",
        "/orders/./a",
        "/orders/%2e%2e/admin",
        "/orders/.%2E/admin",
        "/orders/a%2fb",
        "/orders/a%5Cb",
        "/orders/a%00b",
        "/orders/..;/admin",
    ] {
        let answer = stage.caller().get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str()),
            (400, Some("bad_path")),
            "{path}"
        );
    }
    assert_eq!(stage.upstream.calls(), 0);
}

#[tokio::test]
async fn no_spelling_of_a_path_falls_to_a_route_that_wants_less() {
    let stage = Stage::start(|_| {}).await;
    let mut admin = super::route("admin", "/orders/admin", &stage.upstream);
    admin.policy.wanted.permissions = vec!["orders:admin".to_owned()];
    super::configure(&stage.world, vec![super::route("orders", "/orders", &stage.upstream), admin]);
    let caller = stage.caller();
    assert_eq!(caller.get("/orders/admins").await.status, 200);
    assert_eq!(caller.get("/orders/7//x").await.status, 200, "no other route: it passes");
    for path in ["/orders/admin", "/orders/admin/x", "/orders/%61dmin", "/orders/admin//x"] {
        assert_eq!(caller.get(path).await.status, 403, "{path}");
    }
    for path in ["/orders//admin", "/orders///admin/x"] {
        assert_eq!(caller.get(path).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn two_hosts_in_one_call_are_refused() {
    let stage = Stage::start(|_| {}).await;
    let address = stage.listen().await;
    for head in [
        "GET /orders HTTP/1.1\r\nhost: a.example\r\nhost: b.example\r\n",
        "GET http://a.example/orders HTTP/1.1\r\nhost: b.example\r\n",
    ] {
        let bytes = format!("{head}x-api-key: {}\r\n\r\n", stage.key);
        let answer = exchanged(address, &bytes).await;
        assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
    }
    assert_eq!(stage.upstream.calls(), 0);
}
