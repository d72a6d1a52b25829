//! The API keys of contact centers.

mod assign;
mod list;
mod look_up;
mod unassign;

use super::{keys, keys_of};
use it::{Caller, World};
use serde_json::{Value, json};
use service::{
    Context,
    keys::{KeyRef, UpdateKey},
};

/// A key as the guide recommends it.
const KEY: &str = "78fd8f03-d9d0-4140-8aae-09f3f15d1392";
const ANOTHER: &str = "1f0c7a52-95e3-4b0f-8d0e-6f1b9c2a7d44";
const BY_KEY: &str = "/environment/v3/contact-centers/api-key";

fn named(key: &str) -> Value {
    json!({"data": {"apiKey": key}})
}

/// Assigns a key; its id.
async fn assigned(caller: &Caller, ccid: &str, key: &str) -> String {
    let answer = caller.post(&keys_of(ccid), &named(key)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let path = answer.json()["path"].as_str().expect("a path").to_owned();
    path.rsplit('/').next().expect("an id").to_owned()
}

/// Revokes a key, which no wire does to keys of Callback.
async fn revoked(world: &World, admin: &Caller, key: &str) {
    let context = Context { request_id: "test".to_owned(), address: None };
    let token = admin.token.as_deref().expect("a token");
    let caller = world.service.authenticate(token, context).await.expect("a caller");
    let update = UpdateKey { revoke_now: true, ..UpdateKey::default() };
    let named = KeyRef::parse(key);
    world.service.update_key(&caller, named, &["ges"], update, |_| Ok(())).await.expect("revoked");
}

/// The verdict on a secret, for a caller that may know everything.
async fn verdict(verifier: &Caller, secret: &str) -> String {
    let answer = verifier.post("/v1/keys/verify", &json!({"secret": secret, "cost": 0})).await;
    answer.json()["verdict"].as_str().expect("a verdict").to_owned()
}

/// The text as a part of a path, with every byte that may be escaped.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
