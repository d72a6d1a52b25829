//! Allow-lists: what an entry may be, what verify is told of a call, and that each way in reads a path
//! in the same way. The matchers themselves are tested in `domain`.

mod entries;
mod inputs;
mod types;

use it::Caller;
use serde_json::{Value, json};

/// The one prefix of the keys that are asked about [`CALLS`].
pub(crate) const PREFIX: &str = "/orders/eu";

/// Paths of calls, and whether a key for [`PREFIX`] may make them. Every way in is held to them.
pub(crate) const CALLS: [(&str, bool); 29] = [
    ("/orders/eu", true),
    ("/orders/eu/", true),
    ("/orders/eu/7", true),
    ("/orders/eu/7;v=1", true),
    ("/orders/eu//7", true),
    ("/orders/eu/caf%C3%A9%20au", true),
    ("/orders/eu/...", true),
    ("/orders", false),
    ("/orders/europe", false),
    ("/orders/EU", false),
    ("/orders/e%75", false),
    ("/orders//eu", false),
    ("/orders/eu;x/us", false),
    ("/orders/eu/../us", false),
    ("/orders/eu/./7", false),
    ("/orders/eu/%2e%2e/us", false),
    ("/orders/eu/.%2E/us", false),
    ("/orders/eu/..%2fus", false),
    ("/orders/eu%2F..%2Fus", false),
    ("/orders/eu/..;/us", false),
    ("/orders/eu/..;x=1/us", false),
    ("/orders/eu/..%3b/us", false),
    ("/orders/eu\\..\\us", false),
    ("/orders/eu/%5c..%5cus", false),
    ("/orders/eu/%252e%252e/us", false),
    ("/orders/eu/%c0%ae%c0%ae/us", false),
    ("/orders/eu/%00", false),
    ("/orders/eu/%u002e%u002e/us", false),
    ("/orders/eu/%zz", false),
];

/// Makes an `api` key with this allow-list; returns its secret.
pub(crate) async fn made(admin: &Caller, list: &Value) -> String {
    let answer = admin.post("/v1/keys", &body("api", list)).await;
    assert_eq!(answer.status, 201, "{list}: {}", answer.text());
    answer.json()["secret"].as_str().expect("a secret").to_owned()
}

fn body(key_type: &str, list: &Value) -> Value {
    json!({"keyType": key_type, "name": "listed", "permissions": ["orders:read"],
           "allowList": list})
}

async fn verdict(asks: &Caller, question: &Value) -> String {
    let answer = asks.post("/v1/keys/verify", question).await;
    assert_eq!(answer.status, 200, "{question}: {}", answer.text());
    answer.json()["verdict"].as_str().expect("a verdict").to_owned()
}
