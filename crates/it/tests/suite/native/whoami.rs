//! Who presents a credential, be it a token or a key.

use super::{act, api, later, made, nexus};
use it::{Caller, World, world::TENANT};
use serde_json::json;

fn with_key(world: &World, secret: &str) -> Caller {
    world.anonymous().with_header("x-api-key", secret)
}

#[tokio::test]
async fn a_person_and_a_client_are_told_who_they_are() {
    let world = World::start().await;
    let vera = world.person(r"t100\vera").await.get("/v1/whoami").await;
    assert_eq!(vera.status, 200, "{}", vera.text());
    assert_eq!(
        vera.members(),
        ["kind", "id", "name", "tenant", "roles", "rights", "scope", "expires"]
    );
    let vera = vera.json();
    assert_eq!((&vera["kind"], &vera["name"]), (&json!("person"), &json!("vera")));
    assert_eq!((&vera["tenant"], &vera["roles"]), (&json!(TENANT), &json!(["viewer"])));
    assert!(vera["rights"].as_array().unwrap().contains(&json!("Native.ApiKeys.canView")));
    let ops = world.person("ops").await.get("/v1/whoami").await.json();
    assert_eq!((&ops["tenant"], &ops["roles"]), (&json!("*"), &json!(["ops"])));
    let client = world.client("verifier-a").await.get("/v1/whoami").await.json();
    assert_eq!((&client["kind"], &client["name"]), (&json!("client"), &json!("verifier-a")));
    assert_eq!(client["rights"], json!(["Keys.canVerify"]));
}

#[tokio::test]
async fn a_key_is_told_who_it_is_by_either_header() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut body = api("billing");
    body["expires"] = json!("2027-01-01T00:00:00Z");
    let (id, secret) = made(&admin, &body).await;
    let expected = json!({"kind": "key", "id": id, "name": "billing", "tenant": TENANT,
        "keyType": "api", "permissions": ["orders:read"], "expires": "2027-01-01T00:00:00.000Z"});
    for caller in [with_key(&world, &secret), world.anonymous().bearer(&secret)] {
        let answer = caller.get("/v1/whoami").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json(), expected);
    }
    let (_, uuid) = made(&admin, &nexus("chat")).await;
    for caller in [with_key(&world, &uuid), world.anonymous().bearer(&uuid)] {
        assert_eq!(caller.get("/v1/whoami").await.json()["keyType"], "nexus");
    }
}

#[tokio::test]
async fn asking_takes_no_unit_and_counts_as_a_call() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut body = api("small");
    body["limit"] = json!({"capacity": 1, "frequency": 3600});
    let (id, secret) = made(&admin, &body).await;
    let key = with_key(&world, &secret);
    for _ in 0..5 {
        assert_eq!(key.get("/v1/whoami").await.status, 200);
    }
    assert_eq!(super::verdict(&admin, &secret).await, "VALID");
    assert_eq!(super::verdict(&admin, &secret).await, "RATE_LIMITED");
    assert_eq!(key.get("/v1/whoami").await.status, 200, "a key at its limit is still a key");
    let drained = world.service.verifier().drain_usage();
    let calls: u32 = drained.keys.iter().flat_map(|k| k.counts).sum();
    assert_eq!((drained.keys.len(), calls, drained.not_found), (1, 8, 0), "{id}");
}

#[tokio::test]
async fn whatever_does_not_hold_is_one_answer() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut secrets = Vec::new();
    for action in ["disable", "revoke"] {
        let (id, secret) = made(&admin, &api(action)).await;
        assert_eq!(act(&admin, &id, action).await.status, 200);
        secrets.push(secret);
    }
    let mut body = api("short");
    body["expires"] = json!("2026-03-01T12:00:01Z");
    secrets.push(made(&admin, &body).await.1);
    let mut body = api("elsewhere");
    body["allowList"] = json!({"addresses": ["192.0.2.0/24"]});
    let (_, elsewhere) = made(&admin, &body).await;
    later(&world, 1_000);
    let mut body = api("later");
    body["startsAt"] = json!("2026-04-01T00:00:00Z");
    secrets.push(made(&admin, &body).await.1);
    secrets.extend([
        elsewhere.clone(),
        "kw_nothing".to_owned(),
        "9b7682b7-cbce-422f-9bbb-ecda85e61695".to_owned(),
    ]);
    let told = |answer: it::Answer| {
        let id = answer.header("x-request-id").to_owned();
        (answer.status.as_u16(), answer.text().replace(&id, "ID"))
    };
    let first = told(with_key(&world, &secrets[0]).get("/v1/whoami").await);
    assert_eq!(first.0, 401);
    for secret in &secrets {
        assert_eq!(told(with_key(&world, secret).get("/v1/whoami").await), first);
        assert_eq!(told(world.anonymous().bearer(secret).get("/v1/whoami").await), first);
    }
    let there = with_key(&world, &elsewhere).from_address("192.0.2.7");
    assert_eq!(there.get("/v1/whoami").await.status, 200, "the allow-list lets it in from there");
    assert_eq!(world.anonymous().get("/v1/whoami").await.status, 401);
    let basic = world.anonymous().basic("ops", it::world::PASSWORD);
    assert_eq!(basic.get("/v1/whoami").await.status, 401);
}

#[tokio::test]
async fn two_credentials_are_refused() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (_, secret) = made(&admin, &api("one")).await;
    let both = admin.clone().with_header("x-api-key", &secret);
    assert_eq!(both.get("/v1/whoami").await.status, 400);
    let twice = with_key(&world, &secret).with_header("x-api-key", &secret);
    assert_eq!(twice.get("/v1/whoami").await.status, 400);
    assert_eq!(admin.get("/v1/whoami?access_token=x").await.status, 400);
}

#[tokio::test]
async fn en_06_guesses_are_limited_per_source() {
    let world = World::start_with(|settings, _| {
        settings.failed_credentials = domain::rate_limit::Limit::new(3, 60).ok();
    })
    .await;
    let admin = world.person(r"t100\nexus").await;
    let (_, secret) = made(&admin, &api("one")).await;
    let guess = |n: u8| format!("9b7682b7-cbce-422f-9bbb-ecda85e616{n:02}");
    for n in 0..3 {
        let caller = with_key(&world, &guess(n)).from_address("198.51.100.1");
        assert_eq!(caller.get("/v1/whoami").await.status, 401);
    }
    let source = with_key(&world, &secret).from_address("198.51.100.1");
    let answer = source.get("/v1/whoami").await;
    assert_eq!(answer.status, 429, "{}", answer.text());
    assert!(!answer.header("retry-after").is_empty());
    let other = with_key(&world, &secret).from_address("198.51.100.2");
    assert_eq!(other.get("/v1/whoami").await.status, 200);
}
