//! Rotation: by hand and on a schedule, and what an answer says of the time left.

mod answers;
mod late;
mod overlap;
mod schedule;
mod validation;

use http::Method;
use it::{Answer, Caller, World};
use serde_json::{Value, json};

const HOUR_S: u32 = 3_600;
const DAY_S: u32 = 86_400;

/// Of a type whose secret can be read again.
fn nexus(more: &Value) -> Value {
    with(json!({"keyType": "nexus", "name": "k", "permissions": ["nexus:consumer:chat"]}), more)
}

/// Of a type whose secret is shown once.
fn api(more: &Value) -> Value {
    with(json!({"keyType": "api", "name": "k", "permissions": ["orders:read"]}), more)
}

fn with(mut body: Value, more: &Value) -> Value {
    for (member, value) in more.as_object().expect("members") {
        body[member] = value.clone();
    }
    body
}

fn every(days: u32, overlap_s: u32) -> Value {
    json!({"everyDays": days, "overlapSeconds": overlap_s})
}

/// The administrator, signed in as the clock stands.
async fn admin(world: &World) -> Caller {
    world.person(r"t100\nexus").await
}

/// A key's id and its secret.
fn both(answer: &Answer) -> (String, String) {
    let key = answer.json();
    let text = |member: &str| key[member].as_str().unwrap_or_else(|| panic!("{key}")).to_owned();
    (text("id"), text("secret"))
}

async fn made(caller: &Caller, body: &Value) -> (String, String) {
    both(&caller.post("/v1/keys", body).await)
}

async fn act(caller: &Caller, id: &str, action: &str, body: &Value) -> Answer {
    caller.post(&format!("/v1/keys/{id}/{action}"), body).await
}

/// The new secret.
async fn rotated(caller: &Caller, id: &str, overlap_s: u32) -> String {
    both(&act(caller, id, "rotate", &json!({"overlapSeconds": overlap_s})).await).1
}

async fn patch(caller: &Caller, id: &str, body: &Value) -> Answer {
    let path = format!("/v1/keys/{id}");
    caller.send(Method::PATCH, &path, Some("application/json"), body.to_string().into()).await
}

async fn shown(caller: &Caller, id: &str) -> Value {
    caller.get(&format!("/v1/keys/{id}")).await.json()
}

async fn asked(caller: &Caller, secret: &str) -> Value {
    caller.post("/v1/keys/verify", &json!({"secret": secret})).await.json()
}

async fn verdict(caller: &Caller, secret: &str) -> String {
    asked(caller, secret).await["verdict"].as_str().expect("a verdict").to_owned()
}

/// What each of these secrets is told now.
async fn verdicts<const N: usize>(caller: &Caller, secrets: [&str; N]) -> [String; N] {
    let mut told = [const { String::new() }; N];
    for (told, secret) in told.iter_mut().zip(secrets) {
        *told = verdict(caller, secret).await;
    }
    told
}

/// Time passes, and the node has heard that memory is still true.
fn later(world: &World, seconds: u32) {
    for _ in 0..seconds / DAY_S {
        world.clock.advance_millis(DAY_S * 1_000);
    }
    world.clock.advance_millis(seconds % DAY_S * 1_000);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.json()["code"].as_str().unwrap_or_default().to_owned())
}
