//! Who may ask for verifications, and what whoever may not is told: nothing, in the same bytes.

use domain::{
    allow_list::{AddressRule, AllowList},
    rate_limit::Limit,
};
use it::{
    Answer, Caller, World,
    api_keys::{ASKS, ApiKey},
    world::{OTHER_TENANT, PASSWORD, START, TENANT},
};
use serde_json::{Value, json};

const VERIFY: &str = "/v1/keys/verify";
const NO_TOKEN: &str = "9b7682b7-cbce-422f-9bbb-ecda85e61695";

/// Everything that an answer tells, but for the request's own id.
fn told(answer: &Answer) -> String {
    let mut headers = answer.headers.clone();
    let Some(id) = headers.remove("x-request-id") else {
        // A verdict is not logged, so there is no line that an id would lead to.
        assert_eq!(answer.status, 200);
        return format!("200 {headers:?} {}", answer.text());
    };
    let id = id.to_str().expect("text");
    assert_eq!(id.len(), 32, "{id}");
    format!("{} {headers:?} {}", answer.status, answer.text().replace(id, "ID"))
}

async fn ask(caller: &Caller, secret: &str) -> Answer {
    caller.post(VERIFY, &json!({"secret": secret})).await
}

async fn verdict(caller: &Caller, secret: &str) -> Value {
    let answer = ask(caller, secret).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["verdict"].clone()
}

/// Makes a nexus key and returns its secret.
async fn made(caller: &Caller, tenant: &str, more: Value) -> String {
    let mut body = json!({"tenant": tenant, "name": "n", "permissions": ["nexus:consumer:chat"]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = caller.post("/nexus/v3/apikeys", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn en_06_strangers_get_the_answer_of_a_path_where_nothing_is() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, TENANT, json!({})).await;
    let keys = [
        ApiKey::with("orders:read").made(&world, &admin).await,
        ApiKey::with(ASKS).disabled().made(&world, &admin).await,
        ApiKey::with(ASKS).until(START).made(&world, &admin).await,
        ApiKey::with(ASKS).from_addresses("192.0.2.0/24").made(&world, &admin).await,
        secret.clone(),
        "kw_00000000000000000000000000000000000000".to_owned(),
        NO_TOKEN.to_owned(),
        "short".to_owned(),
    ];
    let mut strangers = vec![
        world.anonymous(),
        world.anonymous().basic("ops", PASSWORD),
        world.anonymous().with_header("authorization", "Negotiate abc"),
        world.person(r"t100\nora").await,
        world.person(r"t100\vera").await,
        world.client("powerless").await,
    ];
    for key in &keys {
        strangers.push(world.anonymous().with_header("x-api-key", key));
        strangers.push(world.anonymous().bearer(key));
    }
    let nothing = world.anonymous().post("/v1/nothing", &json!({"secret": secret})).await;
    assert_eq!(nothing.status, 404);
    for (at, stranger) in strangers.iter().enumerate() {
        for body in [json!({"secret": secret}), json!({"secret": 5}), json!([])] {
            assert_eq!(told(&stranger.post(VERIFY, &body).await), told(&nothing), "{at} {body}");
        }
    }
    assert_eq!(verdict(&admin, &secret).await, "VALID", "none of that took a unit of the key");
}

#[tokio::test]
async fn en_06_the_allow_list_of_the_asking_key_holds_for_its_client() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let key = ApiKey::with(ASKS).from_addresses("192.0.2.0/24").made(&world, &admin).await;
    let gateway = world.anonymous().with_header("x-api-key", &key);
    assert_eq!(
        verdict(&gateway.clone().from_address("192.0.2.7"), &key).await,
        "ADDRESS_NOT_ALLOWED"
    );
    let elsewhere =
        gateway.from_address("198.51.100.7").with_header("x-forwarded-for", "192.0.2.7");
    assert_eq!(ask(&elsewhere, &key).await.status, 404, "a stranger's word for its address");
}

#[tokio::test]
async fn en_06_a_source_that_fails_is_refused_before_anything_is_looked_up() {
    let world =
        World::start_with(|settings, _| settings.failed_credentials = Limit::new(4, 60).ok()).await;
    let admin = world.person(r"t100\nexus").await;
    let key = ApiKey::with(ASKS).made(&world, &admin).await;
    let here = world.anonymous().from_address("2001:db8::1");
    let failing = [
        (here.clone().with_header("x-api-key", "kw_nonsense"), VERIFY),
        (here.clone().bearer(NO_TOKEN), VERIFY),
        (here.clone().bearer(NO_TOKEN), "/nexus/v3/apikeys"),
        (here.clone().with_header("authorization", NO_TOKEN), "/nexus/v3/apikeys"),
    ];
    for (caller, path) in &failing {
        let status = caller.post(path, &json!({"secret": key})).await.status.as_u16();
        assert!(matches!(status, 401 | 404), "{status}");
    }
    let neighbour = world.anonymous().from_address("2001:db8::ffff:2");
    let right = neighbour.clone().with_header("x-api-key", &key);
    let limited = ask(&right, &key).await;
    assert_eq!(limited.status, 429, "also what would hold: it is not looked at");
    assert_eq!(limited.header("retry-after"), "60");
    assert_eq!(neighbour.bearer(NO_TOKEN).get("/auth/v3/userinfo").await.status, 429);
    assert_eq!(verdict(&right.clone().from_address("2001:db8:0:1::1"), &key).await, "VALID");
    assert_eq!(verdict(&right.clone().from_address("192.0.2.1"), &key).await, "VALID");
    world.clock.advance_millis(60_000);
    assert_eq!(verdict(&right, &key).await, "VALID");
}

/// A world whose proxies are 10.0.0.0/8, and a key in each tenant.
async fn behind_proxies(entries: &[&str]) -> (World, [String; 2]) {
    let addresses = entries.iter().map(|e| AddressRule::parse(e).expect("a network")).collect();
    let proxies = AllowList { addresses, ..AllowList::default() };
    let world = World::start_with(|_, config| config.trusted_proxies = proxies).await;
    let ours = made(&world.person(r"t100\nexus").await, TENANT, json!({})).await;
    let theirs = made(&world.person(r"t200\bob").await, OTHER_TENANT, json!({})).await;
    (world, [ours, theirs])
}

#[tokio::test]
async fn en_06_a_trusted_proxy_asks_for_itself_and_for_nobody_behind_it() {
    let (world, secrets) = behind_proxies(&["10.0.0.0/8"]).await;
    let proxy = world.anonymous().from_address("10.0.0.7");
    for secret in &secrets {
        assert_eq!(verdict(&proxy, secret).await, "VALID");
        let mapped = world.anonymous().from_address("::ffff:10.0.0.7");
        assert_eq!(verdict(&mapped, secret).await, "VALID");
        let chained = proxy.clone().with_header("x-forwarded-for", "10.1.1.1, 10.2.2.2");
        assert_eq!(verdict(&chained, secret).await, "VALID");
    }
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.7"),
        ("x-forwarded-for", "10.0.0.9, 203.0.113.7"),
        ("x-forwarded-for", "203.0.113.7, 10.0.0.9"),
        ("x-forwarded-for", "unknown"),
        ("forwarded", "for=203.0.113.7;proto=https"),
        ("forwarded", "proto=https"),
    ] {
        let forwarding = proxy.clone().with_header(name, value);
        assert_eq!(ask(&forwarding, &secrets[0]).await.status, 404, "{name}: {value}");
    }
    let stranger = world.anonymous().from_address("203.0.113.7");
    let claiming = stranger.clone().with_header("x-forwarded-for", "10.0.0.7");
    assert_eq!(told(&ask(&claiming, &secrets[0]).await), told(&ask(&stranger, &secrets[0]).await));
    let wrong = proxy.bearer(NO_TOKEN);
    assert_eq!(ask(&wrong, &secrets[0]).await.status, 404, "a credential that fails is no caller");
}

#[tokio::test]
async fn en_06_exclusions_alone_trust_nobody() {
    let (world, secrets) = behind_proxies(&["!192.0.2.0/24"]).await;
    for address in ["10.0.0.7", "192.0.2.1", "127.0.0.1", "::1"] {
        let answer = ask(&world.anonymous().from_address(address), &secrets[0]).await;
        assert_eq!(answer.status, 404, "{address}");
    }
}

#[tokio::test]
async fn en_06_loopback_is_every_spelling_of_it_and_only_without_a_proxy() {
    let world =
        World::start_with(|_, config| config.verify_on_loopback_without_credentials = true).await;
    let secret = made(&world.person(r"t100\nexus").await, TENANT, json!({})).await;
    for address in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
        let local = world.anonymous().from_address(address);
        assert_eq!(verdict(&local, &secret).await, "VALID", "{address}");
        for header in ["Forwarded", "X-Forwarded-For", "x-forwarded-proto", "Via"] {
            let proxied = local.clone().with_header(header, "");
            assert_eq!(ask(&proxied, &secret).await.status, 404, "{address} {header}");
        }
    }
    for address in ["0.0.0.0", "10.0.0.1", "169.254.1.1", "::", "::ffff:10.0.0.1"] {
        let other = world.anonymous().from_address(address);
        assert_eq!(ask(&other, &secret).await.status, 404, "{address}");
    }
    let closed = World::start().await;
    assert_eq!(ask(&closed.anonymous(), &secret).await.status, 404, "the switch is off by default");
}

#[tokio::test]
async fn en_02_a_foreign_key_in_any_state_is_the_same_bytes_as_no_key() {
    let world = World::start().await;
    let bob = world.person(r"t200\bob").await;
    let mut foreign = Vec::new();
    for more in [
        json!({}),
        json!({"enabled": false}),
        json!({"expires": "2026-03-01T12:00:01Z"}),
        json!({"name": "to be revoked"}),
        json!({"capacity": 1}),
    ] {
        foreign.push(made(&bob, OTHER_TENANT, more).await);
    }
    world.clock.advance_millis(2_000);
    let path = format!("/nexus/v3/apikeys/{}", foreign[3]);
    assert_eq!(bob.put(&path, &json!({"revoked": true})).await.status, 200);
    assert_eq!(verdict(&bob, &foreign[4]).await, "VALID");
    let states = ["VALID", "DISABLED", "EXPIRED", "REVOKED", "RATE_LIMITED"];
    for (secret, state) in foreign.iter().zip(states) {
        assert_eq!(verdict(&bob, secret).await, state);
    }
    let admin = world.person(r"t100\nexus").await;
    let key = ApiKey::with(ASKS).made(&world, &admin).await;
    let callers = [
        admin,
        world.client("verifier-a").await,
        world.anonymous().with_header("x-api-key", &key),
        world.anonymous().bearer(&key),
    ];
    for caller in &callers {
        let unknown = told(&ask(caller, NO_TOKEN).await);
        for secret in foreign.iter().map(String::as_str).chain(["x", "kw_x", ""]) {
            for more in [
                json!({}),
                json!({"tenant": OTHER_TENANT}),
                json!({"tenant": "*"}),
                json!({"keyType": "ges", "permissions": {"all": ["a:b"]}, "cost": 5}),
            ] {
                let mut question = json!({"secret": secret});
                question.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                let answer = caller.post(VERIFY, &question).await;
                assert_eq!(told(&answer), unknown, "{more}");
            }
        }
    }
}

#[tokio::test]
async fn en_07_malformed_keys_are_refused_without_the_database() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let key = ApiKey::with(ASKS).made(&world, &admin).await;
    let caller = world.anonymous().with_header("x-api-key", &key);
    world.service.close().await;
    assert!(admin.get("/nexus/v3/apikeys").await.status.is_server_error(), "the store is closed");
    for n in 0..1_000_u32 {
        let length = usize::try_from(n % 40).unwrap();
        let malformed = match n % 5 {
            0 => "x".repeat(length % 16),
            1 => format!("kw_{}", "0".repeat(length)),
            2 => format!("key_{n:022}"),
            3 => format!("a secret with spaces {n}"),
            _ => "y".repeat(4_097 + length),
        };
        assert_eq!(verdict(&caller, &malformed).await, "NOT_FOUND", "{malformed}");
    }
    let mut flipped = key.clone().into_bytes();
    flipped[10] = if flipped[10] == b'a' { b'b' } else { b'a' };
    let flipped = String::from_utf8(flipped).unwrap();
    assert_eq!(verdict(&caller, &flipped).await, "NOT_FOUND");
    assert_eq!(ask(&world.anonymous().with_header("x-api-key", &flipped), &key).await.status, 404);
}
