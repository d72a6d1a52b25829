//! The audit log: what it holds, who sees it, and that it stays as it was written.

mod check;
mod list;
mod whole;

use it::{Caller, world::TENANT};
use serde_json::{Value, json};

async fn made(caller: &Caller, name: &str) -> String {
    let body = json!({"tenant": TENANT, "name": name, "permissions": ["nexus:consumer:chat"]});
    let answer = caller.post("/nexus/v3/apikeys", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_str().expect("a secret").to_owned()
}

async fn events(caller: &Caller, query: &str) -> Vec<Value> {
    let answer = caller.get(&format!("/v1/audit{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["events"].as_array().expect("events").clone()
}

fn actions(events: &[Value]) -> Vec<&str> {
    events.iter().map(|e| e["event"]["action"].as_str().expect("an action")).collect()
}
