//! `POST /v1/keys/verify`.

mod answers;
mod callers;
mod clock_set_back;
mod limits;
mod questions;

use it::{Answer, Caller, world::TENANT};
use serde_json::{Value, json};

const VERIFY: &str = "/v1/keys/verify";

/// Makes a nexus key of the first tenant; `more` adds members to the body.
async fn made(caller: &Caller, more: Value) -> String {
    let mut body = json!({"tenant": TENANT, "name": "API key for premise_tenant",
                          "permissions": ["nexus:consumer:chat"]});
    for (member, value) in more.as_object().expect("members") {
        body[member] = value.clone();
    }
    let answer = caller.post("/nexus/v3/apikeys", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_str().expect("a secret").to_owned()
}

async fn ask(caller: &Caller, question: Value) -> Answer {
    caller.post(VERIFY, &question).await
}

async fn verdict(caller: &Caller, question: Value) -> String {
    let answer = ask(caller, question).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["verdict"].as_str().expect("a verdict").to_owned()
}
