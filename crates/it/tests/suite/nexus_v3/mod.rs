//! `/nexus/v3/apikeys`: the published wire and what holds behind it.

mod create;
mod delete;
mod errors;
mod isolation;
mod list;
mod show;
mod update;

use it::{Caller, world::TENANT};
use serde_json::{Value, json};

const KEYS: &str = "/nexus/v3/apikeys";

/// A body that makes a key of the first tenant.
fn chat(name: &str) -> Value {
    json!({"enabled": true, "tenant": TENANT, "name": name, "permissions": ["nexus:consumer:chat"]})
}

/// Makes a key and returns its secret.
async fn made(caller: &Caller, body: &Value) -> String {
    let answer = caller.post(KEYS, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_str().expect("a secret").to_owned()
}

fn at(secret: &str) -> String {
    format!("{KEYS}/{secret}")
}

/// The verdict on a secret, for a caller that may know everything.
async fn verdict(verifier: &Caller, secret: &str) -> String {
    let answer = verifier.post("/v1/keys/verify", &json!({"secret": secret, "cost": 0})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["verdict"].as_str().expect("a verdict").to_owned()
}
