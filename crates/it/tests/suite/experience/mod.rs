//! Experience Cloud: keys whose secret is a JWT, and OpenConnect, which one type of them opens.

mod handed;
mod jwt;
mod keys;
mod openconnect;
mod presets;
mod transcripts;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use it::{Answer, Caller, World};
use serde_json::{Value, json};

const TYPES: [&str; 4] = ["client", "openconnect", "queueadapter", "telephony"];
const EVENT: &str = "agentid=4711&crmId=crm-1&event=screenPop";

/// What a key of this type is made of.
fn wanted(key_type: &str) -> Value {
    json!({"keyType": key_type, "name": format!("{key_type} key")})
}

/// Makes a key; returns its id and its JWT.
async fn made(caller: &Caller, body: &Value) -> (String, String) {
    let answer = caller.post("/v1/keys", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let key = answer.json();
    let text = |member: &str| key[member].as_str().expect("a text").to_owned();
    (text("id"), text("secret"))
}

/// The verdict on a text, as the cluster is told it.
async fn verdict(world: &World, secret: &str) -> String {
    let answer =
        world.person("ops").await.post("/v1/keys/verify", &json!({"secret": secret})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["verdict"].as_str().expect("a verdict").to_owned()
}

async fn inspected(caller: &Caller, secret: &str) -> Value {
    let answer = caller.post("/v1/keys/inspect-jwt", &json!({"secret": secret})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// A part of a JWT.
fn part(jwt: &str, n: usize) -> Value {
    let part = jwt.split('.').nth(n).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("Base64url")).expect("JSON")
}

/// A JWT with another header and other claims, the signature as it was.
fn forged(jwt: &str, header: &Value, claims: &Value) -> String {
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signature = jwt.rsplit('.').next().expect("a signature");
    format!("{}.{}.{signature}", text(header), text(claims))
}

/// An event with the key in the query.
async fn event(world: &World, jwt: &str) -> Answer {
    world.anonymous().get(&format!("/openconnect?{EVENT}&jwt={jwt}")).await
}

/// What was answered: status, `error` and `message`.
fn said(answer: &Answer) -> (u16, String, String) {
    let json = answer.json();
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(answer.members(), ["error", "message"]);
    (answer.status.as_u16(), text("error"), text("message"))
}
