//! `/check/{policy}`: forward-auth, and with it the judgement that the gateway and ext_authz share.

mod allow_lists;
mod callers;
mod cors;
mod limits;
mod original;
mod places;
mod verdicts;

use domain::{
    allow_list::{AddressRule, AllowList},
    id::TenantId,
    key_type::Place,
    policy::{Envelope, IdentityHeaders, LimitedAs, Policy, Source, Wanted},
};
use it::{Answer, Caller, World, world::TENANT};
use serde_json::{Value, json};
use service::rules::Configured;

/// Where the proxy is that is trusted, and the client that it asks for.
const PROXY: &str = "10.0.0.1";
const CLIENT: &str = "203.0.113.7";

/// Lets any key in, from `x-api-key` or as a Bearer token.
fn policy(name: &str) -> Policy {
    Policy {
        name: name.to_owned(),
        tenant: None,
        key_types: Vec::new(),
        wanted: Wanted::default(),
        presented_in: vec![Place::Header("x-api-key".into()), Place::Bearer],
        tokens: domain::policy::Tokens::default(),
        cost: 1,
        limit: None,
        limited_as: LimitedAs::TooManyRequests,
        envelope: Envelope::Problem,
        identity: IdentityHeaders::default(),
        source: Source::Configuration,
    }
}

/// As [`policy`], for keys of one tenant that may read orders.
fn orders() -> Policy {
    let permissions = vec!["orders:read".to_owned()];
    Policy {
        tenant: TenantId::parse(TENANT).ok(),
        key_types: vec!["api".to_owned(), "nexus".to_owned()],
        wanted: Wanted { any: false, permissions },
        ..policy("orders")
    }
}

/// A world with these policies, where 10.0.0.0/8 are proxies.
async fn world_of(policies: Vec<Policy>) -> World {
    let world = World::start_with(|_, config| {
        let addresses = vec![AddressRule::parse("10.0.0.0/8").unwrap()];
        config.trusted_proxies = AllowList { addresses, ..AllowList::default() };
    })
    .await;
    configure(&world, policies);
    world
}

fn configure(world: &World, policies: Vec<Policy>) {
    let configured = Configured { policies, ..Configured::default() };
    world.service.configure_rules(configured).expect("rules that can be");
}

/// A call of the client, as nginx asks about it.
fn asked(world: &World, method: &str, address: &str) -> Caller {
    proxy(world).with_header("x-original-method", method).with_header("x-original-uri", address)
}

fn proxy(world: &World) -> Caller {
    world.anonymous().from_address(PROXY).with_header("x-forwarded-for", CLIENT)
}

/// Makes an `api` key of the first tenant that may read orders; `more` adds members to the body.
async fn made(world: &World, more: Value) -> Value {
    made_by(&world.person(r"t100\nexus").await, more).await
}

async fn made_by(caller: &Caller, more: Value) -> Value {
    let mut body = json!({"keyType": "api", "name": "orders", "permissions": ["orders:read"]});
    for (member, value) in more.as_object().expect("members") {
        body[member] = value.clone();
    }
    let answer = caller.post("/v1/keys", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn secret(key: &Value) -> &str {
    key["secret"].as_str().expect("a secret")
}

async fn check(caller: &Caller, secret: &str) -> Answer {
    caller.clone().with_header("x-api-key", secret).get("/check/orders").await
}

/// Everything that an answer tells, but for the request's own id.
fn told(answer: &Answer) -> String {
    let mut headers = answer.headers.clone();
    let id = headers.remove("x-request-id").expect("an id");
    let id = id.to_str().expect("text").to_owned();
    format!("{} {headers:?} {}", answer.status, answer.text().replace(&id, "ID"))
}

const IDENTITY: [&str; 4] =
    ["x-keyward-tenant", "x-keyward-key-id", "x-keyward-key-name", "x-keyward-permissions"];

fn identity(answer: &Answer) -> [String; 4] {
    IDENTITY.map(|name| answer.header(name).to_owned())
}
