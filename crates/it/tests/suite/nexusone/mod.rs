//! NexusOne: personal keys, keys of data products, and the gateway in front of its API.

mod data_keys;
mod gateway;
mod others;
mod personal_keys;

use it::{Caller, World, world::PASSWORD};
use serde_json::{Value, json};

const PSK: &str = "/api/user/psk";
const REGENERATE: &str = "/api/user/psk/regenerate";

/// A person of the first tenant with these roles, signed in; and the path of their account.
async fn person(world: &World, name: &str, roles: &[&str]) -> (Caller, String) {
    let admin = world.person(r"t100\nexus").await;
    let body = json!({
        "username": name, "roles": roles, "password": PASSWORD, "mustChangePassword": false,
    });
    let made = admin.post("/v1/persons", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let path = format!("/v1/persons/{}", made.json()["id"].as_str().unwrap());
    (world.person(&format!(r"t100\{name}")).await, path)
}

/// The secret of an answer that made one.
fn secret_of(answer: &it::Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["psk"].as_str().expect("a secret").to_owned()
}

/// The verdict on a secret that wants this permission, where one is named.
async fn verdict(verifier: &Caller, secret: &str, wanted: Option<&str>) -> String {
    let mut question = json!({"secret": secret, "cost": 0});
    if let Some(wanted) = wanted {
        question["permissions"] = json!({"all": [wanted]});
    }
    let answer = verifier.post("/v1/keys/verify", &question).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["verdict"].as_str().expect("a verdict").to_owned()
}

/// The newest events of an action on the first tenant's chain.
async fn events(admin: &Caller, action: &str) -> Vec<Value> {
    let log = admin.get(&format!("/v1/audit?action={action}")).await.json();
    log["events"].as_array().unwrap().iter().map(|e| e["event"].clone()).collect()
}
