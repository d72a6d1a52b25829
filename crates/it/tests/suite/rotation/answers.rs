//! What answers say of the time left: to whoever asks, and to the caller of a gateway.

use super::*;
use domain::{
    allow_list::{AddressRule, AllowList},
    key_type::Place,
    policy::{Envelope, IdentityHeaders, LimitedAs, Policy, Source, Wanted},
};
use it::world::TENANT;
use service::rules::Configured;

const ENDS: &str = "x-keyward-secret-ends";
const LEFT: &str = "x-keyward-days-left";

#[tokio::test]
async fn verify_says_how_many_days_are_left_once_a_warning_day_of_the_tenant_is_reached() {
    let world = World::start().await;
    let caller = admin(&world).await;
    let (id, secret) = made(&caller, &api(&json!({"expires": "2026-04-10T12:00:00Z"}))).await;
    let left = |told: &Value| (told["daysLeft"].clone(), told["warningDay"].clone());
    assert_eq!(left(&asked(&caller, &secret).await), (Value::Null, Value::Null));
    later(&world, 10 * DAY_S);
    let caller = admin(&world).await;
    assert_eq!(left(&asked(&caller, &secret).await), (json!(30), json!(30)));
    let batch = json!({"questions": [{"secret": secret, "cost": 0}]});
    let batch = caller.post("/v1/keys/verify-batch", &batch).await.json();
    assert_eq!(left(&batch["verdicts"][0]), (json!(30), json!(30)));
    let validated = json!({"secret": secret, "keyType": "api"});
    let validated = caller.post("/v1/keys/validate", &validated).await.json();
    assert_eq!(validated, json!({"valid": true, "daysLeft": 30, "warningDay": 30}));
    let revoke = json!({"at": "2026-03-17T12:00:00Z"});
    assert_eq!(act(&caller, &id, "revoke", &revoke).await.status, 200);
    assert_eq!(left(&asked(&caller, &secret).await), (json!(6), json!(7)), "that comes first");
    let ops = world.person("ops").await;
    let body = json!({"policy": {"unacknowledged": "live", "warningDays": [3]}}).to_string();
    let path = format!("/v1/tenants/{TENANT}");
    let done = ops.send(Method::PATCH, &path, Some("application/json"), body.into()).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(left(&asked(&caller, &secret).await), (Value::Null, Value::Null));
    later(&world, 3 * DAY_S);
    assert_eq!(left(&asked(&admin(&world).await, &secret).await), (json!(3), json!(3)));
}

#[tokio::test]
async fn a_warning_stands_beside_a_refusal_of_the_call_and_never_beside_one_of_the_key() {
    let world = World::start().await;
    let caller = admin(&world).await;
    let more =
        json!({"expires": "2026-03-02T12:00:00Z", "limit": {"capacity": 1, "frequency": 60}});
    let (id, secret) = made(&caller, &api(&more)).await;
    let told = async || {
        let told = asked(&caller, &secret).await;
        (told["verdict"].clone(), told["daysLeft"].clone())
    };
    assert_eq!(told().await, (json!("VALID"), json!(1)));
    assert_eq!(told().await, (json!("RATE_LIMITED"), json!(1)));
    assert_eq!(act(&caller, &id, "disable", &json!({})).await.status, 200);
    assert_eq!(told().await, (json!("DISABLED"), Value::Null));
}

fn policy() -> Policy {
    Policy {
        name: "orders".to_owned(),
        tenant: None,
        key_types: Vec::new(),
        wanted: Wanted::default(),
        presented_in: vec![Place::Header("x-api-key".into())],
        tokens: domain::policy::Tokens::default(),
        cost: 1,
        limit: None,
        limited_as: LimitedAs::TooManyRequests,
        envelope: Envelope::Problem,
        identity: IdentityHeaders::default(),
        source: Source::Configuration,
    }
}

#[tokio::test]
async fn check_says_so_in_header_fields() {
    let world = World::start_with(|_, config| {
        let addresses = vec![AddressRule::parse("10.0.0.0/8").unwrap()];
        config.trusted_proxies = AllowList { addresses, ..AllowList::default() };
    })
    .await;
    let rules = Configured { policies: vec![policy()], ..Configured::default() };
    world.service.configure_rules(rules).expect("rules that can be");
    let caller = admin(&world).await;
    let (id, first) = made(&caller, &api(&json!({"expires": "2026-03-06T12:00:00Z"}))).await;
    let second = rotated(&caller, &id, HOUR_S).await;
    let (_, plain) = made(&caller, &api(&json!({}))).await;
    let proxy = world.anonymous().from_address("10.0.0.1");
    let fields = async |secret: &str| {
        let answer = proxy.clone().with_header("x-api-key", secret).get("/check/orders").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        [ENDS, LEFT].map(|name| answer.headers.get(name).map(|v| v.to_str().unwrap().to_owned()))
    };
    let (ends, left) = (Some("2026-03-01T13:00:00.000Z".to_owned()), Some("5".to_owned()));
    assert_eq!(fields(&first).await, [ends, left.clone()]);
    assert_eq!(fields(&second).await, [None, left]);
    assert_eq!(fields(&plain).await, [None, None]);
}
