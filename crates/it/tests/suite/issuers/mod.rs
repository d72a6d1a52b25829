//! Issuers outside: what is believed of whom, and how it ends.

mod at_console;
mod callers;
mod crud;
mod keys;
mod realms;
mod sign_in;
mod there;
mod unreachable;
mod withdrawn;

use it::{
    Answer, Caller, World,
    provider::{ISS, Provider},
    world::TENANT,
};
use serde_json::{Value, json};

/// The instant of the test world, in seconds.
pub(crate) const NOW: i64 = 1_772_366_400;

/// An issuer whose tokens are as Keycloak's.
pub(crate) fn company() -> Value {
    json!({
        "name": "sso", "label": "Company sign-in", "issuer": ISS, "clientId": "keyward",
        "clientSecret": "the secret of a client", "audiences": ["keyward-api"], "tokenTypes": ["JWT"],
        "rolesClaim": "realm_access.roles",
        "roleMap": [{"value": "bosses", "role": "admin"}, {"value": "staff", "role": "viewer"}],
    })
}

pub(crate) async fn made(caller: &Caller, body: &Value) -> Value {
    let answer = caller.post("/v1/issuers", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn path(issuer: &Value) -> String {
    format!("/v1/issuers/{}", issuer["id"].as_str().expect("an id"))
}

/// What an access token of somebody says.
fn claims(sub: &str, roles: &[&str]) -> Value {
    json!({
        "iss": ISS, "sub": sub, "aud": ["account", "keyward-api"], "typ": "Bearer", "azp": "app",
        "exp": NOW + 300, "iat": NOW, "preferred_username": sub, "email": format!("{sub}@example.com"),
        "realm_access": {"roles": roles},
    })
}

/// A world whose tenant believes a provider, its administrator, and what was made.
async fn believing(provider: &Provider) -> (World, Caller, Value) {
    let world = provider.world().await;
    let admin = world.person(r"t100\nexus").await;
    let issuer = made(&admin, &company()).await;
    (world, admin, issuer)
}

fn calling(world: &World, provider: &Provider, claims: &Value) -> Caller {
    world.anonymous().bearer(&provider.sign("JWT", claims))
}

async fn whoami(caller: &Caller) -> Answer {
    caller.get("/v1/whoami").await
}

/// The person of a token, who must be there.
async fn person(admin: &Caller, caller: &Caller) -> Value {
    let answer = whoami(caller).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let id = answer.json()["id"].as_str().expect("an id").to_owned();
    let shown = admin.get(&format!("/v1/persons/{id}")).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    shown.json()
}

/// The newest event of the tenant.
async fn newest(caller: &Caller, action: &str) -> Value {
    let answer = caller.get(&format!("/v1/audit?tenant={TENANT}&action={action}&limit=1")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["events"][0]["event"].clone()
}

fn later(world: &World, seconds: u32) {
    world.clock.advance_millis(seconds * 1_000);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
}
