//! What realms sign with: made once, rotated under a clock that the test moves, kept as secrets are.

mod keeping;
mod rotation;

use domain::{id::TenantId, signing::Algorithm, time::Timestamp};
use it::{Caller, World, world::TENANT};
use serde_json::{Map, Value, json};

fn realm() -> TenantId {
    TenantId::parse(TENANT).unwrap()
}

/// A world whose first tenant signs by a curve: its keys are made in no time.
async fn world() -> World {
    let world = World::start().await;
    sign_by(&world, Algorithm::Es256).await;
    world
}

async fn sign_by(world: &World, algorithm: Algorithm) {
    let body = json!({"signingAlgorithm": algorithm.as_str()});
    let answer = world.person("ops").await.patch(&format!("/v1/tenants/{TENANT}"), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn signed(world: &World) -> String {
    let claims = Map::from_iter([("sub".to_owned(), json!("somebody"))]);
    let jwt = world.service.sign_jwt(realm(), "JWT", &claims).await.unwrap();
    jwt.expose().to_owned()
}

/// The set that the realm publishes, as whoever fetches it now gets it.
async fn published(world: &World) -> Value {
    world.service.realm_keys(realm()).await.unwrap().published(world.clock.wall())
}

fn kids(set: &Value) -> Vec<String> {
    let kid = |jwk: &Value| jwk["kid"].as_str().unwrap().to_owned();
    set["keys"].as_array().unwrap().iter().map(kid).collect()
}

fn kid(jwt: &str) -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let header = BASE64_URL_SAFE_NO_PAD.decode(jwt.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header.as_object().unwrap().keys().collect::<Vec<_>>(), ["alg", "typ", "kid"]);
    header["kid"].as_str().unwrap().to_owned()
}

async fn rotate(ops: &Caller, body: &Value) -> Value {
    let answer = ops.post(&format!("/v1/tenants/{TENANT}/rotate-signing-key"), body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Moves the clock; nobody waited, so memory counts as fresh. Jobs run.
async fn later(world: &World, seconds: u32) {
    world.clock.advance_millis(seconds * 1_000);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
    world.service.retire_signing_keys().await.unwrap();
    world.service.rotate_due_signing_keys().await.unwrap();
}

fn after(seconds: i64) -> Timestamp {
    it::world::START.plus_seconds(seconds)
}
