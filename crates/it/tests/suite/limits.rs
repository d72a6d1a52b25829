//! Limits over HTTP: the ceiling of a key under many at once, and how a caller is told of its own.

use domain::rate_limit::Limit;
use it::{
    Answer, Caller, World,
    api_keys::{ASKS, ApiKey},
    world::TENANT,
};
use serde_json::{Value, json};

const VERIFY: &str = "/v1/keys/verify";

async fn limited_key(world: &World, capacity: u32, frequency: u32) -> String {
    let body = json!({"tenant": TENANT, "name": "n", "permissions": ["nexus:consumer:chat"],
        "capacity": capacity, "frequency": frequency});
    let answer = world.person(r"t100\nexus").await.post("/nexus/v3/apikeys", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn asked(caller: &Caller, secret: &str, cost: u32) -> Value {
    let answer = caller.post(VERIFY, &json!({"secret": secret, "cost": cost})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn verdict(caller: &Caller, secret: &str, cost: u32) -> String {
    asked(caller, secret, cost).await["verdict"].as_str().unwrap().to_owned()
}

/// A caller with a limit of its own, and something to ask for.
async fn limited_caller(world: &World, capacity: u32, seconds: u32) -> (Caller, String) {
    let admin = world.person(r"t100\nexus").await;
    let key = ApiKey::with(ASKS).limited(capacity, seconds).made(world, &admin).await;
    (world.anonymous().with_header("x-api-key", &key), key)
}

/// `q` and `w` of `RateLimit-Policy`, `r` and `t` of `RateLimit`: each a list with one item, a string
/// with two whole numbers (RFC 9651), and nothing else.
fn fields(answer: &Answer) -> [u64; 4] {
    let of = |header: &str, names: [&str; 2]| {
        assert_eq!(answer.headers.get_all(header).iter().count(), 1, "{header}");
        let mut parts = answer.header(header).split(';');
        assert_eq!(parts.next(), Some("\"caller\""), "{header}");
        let numbers = names.map(|name| {
            let (key, number) = parts.next().and_then(|p| p.split_once('=')).expect("a parameter");
            assert_eq!(key, name, "{header}");
            assert!(number.len() <= 15 && number.bytes().all(|b| b.is_ascii_digit()), "{number}");
            number.parse::<u64>().expect("a number")
        });
        assert_eq!(parts.next(), None, "{header}");
        numbers
    };
    let [q, w] = of("ratelimit-policy", ["q", "w"]);
    let [r, t] = of("ratelimit", ["r", "t"]);
    assert!(w > 0 && r <= q, "{q} {w} {r} {t}");
    [q, w, r, t]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_11_sixty_four_at_once_pass_the_capacity_and_no_more() {
    let world = World::start().await;
    let secret = limited_key(&world, 120, 60).await;
    let verifier = world.client("cluster-verifier").await;
    let round = async || {
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let (caller, secret) = (verifier.clone(), secret.clone());
                tokio::spawn(async move {
                    let mut verdicts = Vec::new();
                    for _ in 0..8 {
                        verdicts.push(verdict(&caller, &secret, 1).await);
                    }
                    verdicts
                })
            })
            .collect();
        let mut verdicts = Vec::new();
        for task in tasks {
            verdicts.extend(task.await.expect("a task"));
        }
        let count = |wanted: &str| verdicts.iter().filter(|v| *v == wanted).count();
        (count("VALID"), count("RATE_LIMITED"))
    };
    assert_eq!(round().await, (120, 512 - 120));
    world.clock.advance_millis(59_999);
    assert_eq!(round().await, (0, 512), "the interval is not over");
    world.clock.advance_millis(1);
    assert_eq!(round().await, (120, 512 - 120), "the whole capacity is free again");
}

#[tokio::test]
async fn r_11_no_interval_of_the_frequency_holds_more_wherever_it_begins() {
    let world = World::start().await;
    let secret = limited_key(&world, 10, 60).await;
    let verifier = world.client("cluster-verifier").await;
    let mut passed: Vec<u64> = Vec::new();
    let mut at = 0;
    // Bursts at odd instants, in demand of far more than passes.
    for (n, step) in
        [7_013, 52_900, 60, 3_331, 29_000, 31_007, 1, 59_999].iter().cycle().take(80).enumerate()
    {
        for _ in 0..=n % 5 * 3 {
            if verdict(&verifier, &secret, 1).await == "VALID" {
                passed.push(at);
            }
        }
        world.clock.advance_millis(*step);
        world.service.verifier().confirm_fresh(world.service.now().mono_ns);
        at += u64::from(*step);
    }
    let most = passed
        .iter()
        .map(|from| passed.iter().filter(|at| (*from..from + 60_000).contains(*at)).count());
    assert_eq!(most.max(), Some(10));
}

#[tokio::test]
async fn r_11_a_cost_is_taken_whole_or_not_at_all() {
    let world = World::start().await;
    let secret = limited_key(&world, 10, 60).await;
    let verifier = world.client("cluster-verifier").await;
    let too_much = verifier.post(VERIFY, &json!({"secret": secret, "cost": 11})).await;
    assert_eq!((too_much.status.as_u16(), &too_much.json()["field"]), (400, &json!("cost")));
    assert_eq!(asked(&verifier, &secret, 0).await["limit"]["remaining"], 10);
    assert_eq!(asked(&verifier, &secret, 4).await["limit"]["remaining"], 6);
    world.clock.advance_millis(1_000);
    assert_eq!(asked(&verifier, &secret, 3).await["limit"]["remaining"], 3);
    let refused = asked(&verifier, &secret, 5).await;
    assert_eq!(refused["verdict"], "RATE_LIMITED");
    assert_eq!(refused["limit"]["remaining"], 3, "what still passes");
    assert_eq!(refused["limit"]["resetAfterMs"], 59_000, "the first four come back, then five fit");
    let whole = asked(&verifier, &secret, 10).await;
    assert_eq!(
        (&whole["verdict"], &whole["limit"]["resetAfterMs"]),
        (&json!("RATE_LIMITED"), &json!(60_000))
    );
    assert_eq!(verdict(&verifier, &secret, 3).await, "VALID", "a refusal took nothing");
    assert_eq!(verdict(&verifier, &secret, 1).await, "RATE_LIMITED");
    assert_eq!(verdict(&verifier, &secret, 0).await, "VALID", "nothing is asked for");
    world.clock.advance_millis(59_000);
    assert_eq!(verdict(&verifier, &secret, 5).await, "RATE_LIMITED");
    assert_eq!(verdict(&verifier, &secret, 4).await, "VALID");
    world.clock.advance_millis(60_000);
    assert_eq!(verdict(&verifier, &secret, 10).await, "VALID", "as much as there is");
}

#[tokio::test]
async fn rl_01_the_fields_are_well_formed_on_every_answer_to_a_limited_caller() {
    let world = World::start().await;
    let (caller, key) = limited_caller(&world, 3, 30).await;
    for left in [2, 1, 0] {
        let answer = caller.post(VERIFY, &json!({"secret": key, "cost": 0})).await;
        assert_eq!(fields(&answer), [3, 30, left, 30]);
    }
    let refused = caller.post(VERIFY, &json!({"secret": key, "cost": 0})).await;
    assert_eq!(refused.status, 429);
    assert_eq!(fields(&refused), [3, 30, 0, 30]);
    let unlimited = world.client("verifier-a").await.post(VERIFY, &json!({"secret": key})).await;
    assert!(!unlimited.headers.contains_key("ratelimit"), "the key in the body is not the caller");
    assert!(!unlimited.headers.keys().any(|h| h.as_str().starts_with("x-ratelimit")));
}

#[tokio::test]
async fn rl_02_whoever_waits_as_told_is_let_in_and_not_a_second_is_given_away() {
    let world = World::start().await;
    let (caller, key) = limited_caller(&world, 2, 30).await;
    let question = json!({"secret": key, "cost": 0});
    for step in [700, 11_350] {
        assert_eq!(caller.post(VERIFY, &question).await.status, 200);
        world.clock.advance_millis(step);
    }
    let refused = caller.post(VERIFY, &question).await;
    let wait: u32 = refused.header("retry-after").parse().expect("seconds");
    assert!(u64::from(wait) >= fields(&refused)[3], "{:?}", refused.headers);
    assert_eq!(wait, 18, "17.95 seconds");
    world.clock.advance_millis((wait - 1) * 1_000);
    assert_eq!(caller.post(VERIFY, &question).await.status, 429);
    world.clock.advance_millis(1_000);
    assert_eq!(caller.post(VERIFY, &question).await.status, 200);
}

#[tokio::test]
async fn rl_02_what_cannot_be_answered_now_says_when_to_come_back() {
    let world = World::start().await;
    let (caller, key) = limited_caller(&world, 10, 30).await;
    let token = world.client("verifier-a").await;
    world.clock.advance_millis(901_000);
    for caller in [&caller, &token] {
        let stale = caller.post(VERIFY, &json!({"secret": key})).await;
        assert_eq!(stale.status, 503, "{}", stale.text());
        assert!(stale.header("retry-after").parse::<u32>().expect("seconds") >= 1);
    }
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
    assert_eq!(token.post(VERIFY, &json!({"secret": key})).await.status, 200);
}

#[tokio::test]
async fn rl_03_the_body_of_a_429_is_the_registered_problem_and_names_the_policy() {
    let world =
        World::start_with(|settings, _| settings.failed_credentials = Limit::new(1, 60).ok()).await;
    let (caller, key) = limited_caller(&world, 1, 30).await;
    let question = json!({"secret": key});
    assert_eq!(caller.post(VERIFY, &question).await.status, 200);
    let stranger = world.anonymous().from_address("192.0.2.1").with_header("x-api-key", "x");
    assert_eq!(stranger.post(VERIFY, &question).await.status, 404);
    for (caller, policy) in [(&caller, "caller"), (&stranger, "source")] {
        let refused = caller.post(VERIFY, &question).await;
        assert_eq!(refused.status, 429);
        assert_eq!(refused.header("content-type"), "application/problem+json");
        let problem = refused.json();
        let registered = "https://iana.org/assignments/http-problem-types#quota-exceeded";
        assert_eq!(problem["type"], registered);
        assert_eq!(problem["violated-policies"], json!([policy]));
        assert_eq!(problem["status"], 429);
    }
}

#[tokio::test]
async fn rl_04_no_field_derives_from_the_key() {
    let world = World::start().await;
    let (one, key) = limited_caller(&world, 1, 30).await;
    let (two, other) = limited_caller(&world, 1, 30).await;
    let mut seen = Vec::new();
    for (caller, key) in [(&one, &key), (&two, &other)] {
        for _ in 0..2 {
            let answer = caller.post(VERIFY, &json!({"secret": "x"})).await;
            let headers = format!("{:?}", answer.headers);
            assert!(!headers.contains("pk=") && !headers.contains(&key[key.len() - 4..]));
            assert!(!answer.text().contains("key_") && !answer.text().contains(&key[3..]));
            seen.push([
                answer.header("ratelimit").to_owned(),
                answer.header("ratelimit-policy").to_owned(),
            ]);
        }
    }
    assert_eq!(seen[..2], seen[2..], "two callers, the same fields");
}

#[tokio::test]
async fn rl_06_a_caller_that_obeys_is_never_refused() {
    let world = World::start().await;
    let (caller, key) = limited_caller(&world, 7, 11).await;
    for n in 0..200_u32 {
        let answer = caller.post(VERIFY, &json!({"secret": key, "cost": 0})).await;
        assert_eq!(answer.status, 200, "call {n}: {}", answer.text());
        let [_, _, left, until] = fields(&answer);
        let wait = if left == 0 { u32::try_from(until).unwrap() * 1_000 } else { n * 37 % 900 };
        world.clock.advance_millis(wait);
        world.service.verifier().confirm_fresh(world.service.now().mono_ns);
    }
}
