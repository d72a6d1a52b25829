//! A database of the previous release, as its own migrations made it, opened by this program.
//!
//! The texts under `corpus` are dumps of what `keyward serve` of that release left behind: a key used
//! and unused, revoked, rotated with both secrets alive, deleted; tokens, usage, signed heads.

use it::{Caller, World, postgres, world::Place};
use serde_json::{Value, json};
use service::clock::Clock;

const SQLITE: &str = include_str!("../../corpus/release-0.1/sqlite.sql");
const POSTGRES: &str = include_str!("../../corpus/release-0.1/postgres.sql");
const SECRETS: &str = include_str!("../../corpus/release-0.1/secrets.json");
/// A while after the last of it was written: 2026-11-22T04:00:00Z.
const LATER: domain::time::Timestamp = domain::time::Timestamp::from_millis(1_795_320_000_000);

/// Puts the dump where this run has its database; returns what the keys of it are.
fn filled(place: &Place) -> Value {
    let secrets: Value = serde_json::from_str(SECRETS).unwrap();
    if place.database_value() == "sqlite" {
        let path = place.folder().join("keyward.db");
        rusqlite::Connection::open(path).unwrap().execute_batch(SQLITE).unwrap();
        return secrets["sqlite"].clone();
    }
    postgres::sql(&place.database_value(), POSTGRES).unwrap();
    secrets["postgres"].clone()
}

async fn verdict(caller: &Caller, secret: &Value) -> Value {
    let answer = caller.post("/v1/keys/verify", &json!({"secret": secret, "cost": 0})).await;
    answer.json()["verdict"].clone()
}

#[tokio::test]
async fn the_previous_release_is_migrated_and_nothing_of_it_is_lost() {
    let place = Place::without_tables();
    let was = filled(&place);
    let world = World::open(place, Clock::manual(LATER), |_, _| {}).await.unwrap();
    let verifier = world.client("cluster-verifier").await;
    for (name, wanted) in [
        ("chat", "VALID"),
        ("orders", "VALID"),
        ("revoked", "REVOKED"),
        ("rotatedOld", "VALID"),
        ("rotatedNew", "VALID"),
        ("deleted", "NOT_FOUND"),
    ] {
        assert_eq!(verdict(&verifier, &was[name]).await, wanted, "{name}");
    }

    let check = world.service.verify_audit(&[]).await.unwrap();
    assert_eq!(check.findings, Vec::<String>::new());
    assert!(check.events >= 16 && check.signed_heads == 2, "{check:?}");

    let admin = world.anonymous().bearer(was["accessToken"].as_str().unwrap());
    let listed = admin.get("/v1/keys").await;
    assert_eq!(listed.status, 200, "a token of the previous release is worth what it was");
    let names: Vec<String> = listed.json()["keys"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|key| key["name"].as_str().map(str::to_owned))
        .collect();
    for name in ["chat", "orders", "revoked", "rotated"] {
        assert!(names.iter().any(|n| n == name), "{name} is not in {names:?}");
    }
}

#[tokio::test]
async fn after_the_migration_everything_can_be_changed_and_the_log_goes_on() {
    let place = Place::without_tables();
    let was = filled(&place);
    let world = World::open(place, Clock::manual(LATER), |_, _| {}).await.unwrap();
    let admin = world.person(r"t100\nexus").await;
    let verifier = world.client("cluster-verifier").await;
    let found = admin.post("/v1/keys/verify", &json!({"secret": was["orders"]})).await.json();
    let path = format!("/v1/keys/{}/revoke", found["keyId"].as_str().unwrap());
    assert_eq!(admin.post(&path, &json!({})).await.status, 200);
    assert_eq!(verdict(&verifier, &was["orders"]).await, "REVOKED");
    let wanted = json!({"keyType": "api", "name": "new", "permissions": ["orders:read"]});
    let made = admin.post("/v1/keys", &wanted).await.json();
    let world = world.restart().await;
    let verifier = world.client("cluster-verifier").await;
    assert_eq!(verdict(&verifier, &made["secret"]).await, "VALID");
    assert_eq!(verdict(&verifier, &was["orders"]).await, "REVOKED");
    let check = world.service.verify_audit(&[]).await.unwrap();
    assert_eq!(check.findings, Vec::<String>::new());
}
