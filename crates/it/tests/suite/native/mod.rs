//! Our own API: keys of every type.

mod actions;
mod client_addresses;
mod clients;
mod create;
mod credentials;
mod export;
mod gateway_routes;
mod idempotency;
mod import;
mod key_policies;
mod key_types;
mod list;
mod matrix;
mod members;
mod overview;
mod persons;
mod persons_profile;
mod persons_reach;
mod policies;
mod problems;
mod recover;
mod roles;
mod secrets;
mod signing_keys;
mod tenants;
mod update;
mod usage;
mod validate;
mod verify_batch;
mod weak_secrets;
mod whoami;

use http::Method;
use it::{Answer, Caller, World, world::TENANT};
use serde_json::{Value, json};

/// A key of type `api` as our own API takes it.
fn api(name: &str) -> Value {
    json!({"keyType": "api", "name": name, "permissions": ["orders:read"]})
}

fn nexus(name: &str) -> Value {
    json!({"keyType": "nexus", "name": name, "permissions": ["nexus:consumer:chat"]})
}

/// Makes a key; returns its id and its secret.
async fn made(caller: &Caller, body: &Value) -> (String, String) {
    let answer = caller.post("/v1/keys", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let key = answer.json();
    let text = |member: &str| key[member].as_str().expect("a text").to_owned();
    (text("id"), text("secret"))
}

/// One of the actions on a key, without a body.
async fn act(caller: &Caller, id: &str, action: &str) -> Answer {
    let path = format!("/v1/keys/{id}/{action}");
    caller.send(Method::POST, &path, None, "".into()).await
}

async fn patch(caller: &Caller, id: &str, body: &Value) -> Answer {
    let path = format!("/v1/keys/{id}");
    caller.send(Method::PATCH, &path, Some("application/json"), body.to_string().into()).await
}

async fn show(caller: &Caller, id: &str) -> Value {
    let answer = caller.get(&format!("/v1/keys/{id}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn verdict(caller: &Caller, secret: &str) -> String {
    let answer = caller.post("/v1/keys/verify", &json!({"secret": secret})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["verdict"].as_str().expect("a verdict").to_owned()
}

/// Time passes, and the node has heard that memory is still true.
fn later(world: &World, ms: u32) {
    world.clock.advance_millis(ms);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
}

/// The newest event of a tenant.
async fn newest(caller: &Caller, action: &str) -> Value {
    let answer = caller.get(&format!("/v1/audit?tenant={TENANT}&action={action}&limit=1")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["events"][0]["event"].clone()
}
