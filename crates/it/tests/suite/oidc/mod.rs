//! Realms: `/realms/{realm}`, as clients of Keycloak know them.

mod cors;
mod discovery;
mod introspect;
mod refresh;
mod refusals;
mod revoke;
mod scopes;
mod token;
mod transcripts;
mod user_info;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Method;
use it::{
    Answer, Caller,
    world::{PASSWORD, World},
};
use serde_json::Value;

/// Where the first tenant's realm answers.
pub(crate) const REALM: &str = "/realms/companya/protocol/openid-connect";
/// The secret of the clients of the corpus.
pub(crate) const SECRET: &str = "a-secret-of-the-corpus";

/// What is made before a realm is asked.
struct Step {
    by: String,
    method: Method,
    path: String,
    status: u16,
    body: Value,
}

fn steps() -> Vec<Step> {
    let text = include_str!("../../../corpus/oidc/setup.json");
    let steps: Vec<Value> = serde_json::from_str(text).expect("the setup of the corpus");
    let step = |step: &Value| Step {
        by: text_of(step, "by").to_owned(),
        method: text_of(step, "method").parse().expect("a method"),
        path: text_of(step, "path").to_owned(),
        status: step["status"].as_u64().and_then(|n| n.try_into().ok()).expect("a status"),
        body: step["body"].clone(),
    };
    steps.iter().map(step).collect()
}

/// A world with the clients and the person of the corpus.
pub(crate) async fn start() -> World {
    set_up(World::start().await).await
}

async fn set_up(world: World) -> World {
    for step in steps() {
        let caller = world.person(&step.by).await;
        let body = step.body.to_string().into();
        let answer = caller.send(step.method, &step.path, Some("application/json"), body).await;
        assert_eq!(answer.status, step.status, "{}: {}", step.body, answer.text());
    }
    world
}

/// Posts a form below the realm, as this client of the corpus.
pub(crate) async fn post(world: &World, path: &str, client: &str, form: &[(&str, &str)]) -> Answer {
    let mut all = vec![("client_id", client), ("client_secret", SECRET)];
    all.extend(form);
    world.anonymous().post_form(&format!("{REALM}/{path}"), &all).await
}

/// The tokens of the client's own account.
async fn service_account(world: &World, client: &str, scope: &str) -> Value {
    let form = [("grant_type", "client_credentials"), ("scope", scope)];
    good(&post(world, "token", client, &form).await)
}

/// The tokens of a person by the password grant of `app`.
pub(crate) async fn person(world: &World, name: &str, scope: &str) -> Value {
    let form =
        [("grant_type", "password"), ("username", name), ("password", PASSWORD), ("scope", scope)];
    good(&post(world, "token", "app", &form).await)
}

fn good(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

pub(crate) fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name}: {value}"))
}

/// Somebody who presents the access token of an answer.
fn holder(world: &World, tokens: &Value) -> Caller {
    world.anonymous().bearer(text_of(tokens, "access_token"))
}

/// Header and claims of a JWT, unchecked.
pub(crate) fn read_jwt(text: &str) -> (Value, Value) {
    let part = |n: usize| {
        let part = text.split('.').nth(n).expect("a part");
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
    };
    (part(0), part(1))
}

fn members(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}
