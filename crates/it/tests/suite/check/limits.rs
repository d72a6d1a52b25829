//! Limits: the key's own and the policy's, neither of which loses a unit to the other.

use super::*;
use domain::rate_limit::Limit;

fn limited(capacity: u32) -> Policy {
    Policy { limit: Limit::new(capacity, 60).ok(), ..orders() }
}

async fn limited_key(world: &World, capacity: u32) -> String {
    let limit = json!({"limit": {"capacity": capacity, "frequency": 60}});
    secret(&made(world, limit).await).to_owned()
}

/// What the two limits say: of the key and of the policy what is left.
fn left(answer: &Answer) -> (Option<u32>, Option<u32>) {
    let of = |name: &str| {
        let member = answer.header("ratelimit").split(", ").find_map(|member| {
            member.strip_prefix(&format!("\"{name}\";r="))?.split(';').next().map(str::to_owned)
        });
        member.map(|number| number.parse().expect("a number"))
    };
    (of("key"), of("policy"))
}

#[tokio::test]
async fn rl_03_a_key_over_its_limit_is_told_when_to_come_back() {
    let world = world_of(vec![orders()]).await;
    let key = limited_key(&world, 1).await;
    let caller = asked(&world, "GET", "/orders");
    assert_eq!(left(&check(&caller, &key).await), (Some(0), None));
    let answer = check(&caller, &key).await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("retry-after"), "60");
    assert_eq!(answer.header("ratelimit"), "\"key\";r=0;t=60");
    assert_eq!(answer.header("x-keyward-status"), "429");
    assert_eq!(answer.json()["violated-policies"], json!(["key"]));
    world.clock.advance_millis(60_000);
    assert_eq!(check(&caller, &key).await.status, 200);
}

#[tokio::test]
async fn a_policys_limit_holds_for_all_its_keys_together() {
    let world = world_of(vec![limited(3)]).await;
    let (one, other) = (limited_key(&world, 10).await, made(&world, json!({})).await);
    let caller = asked(&world, "GET", "/orders");
    assert_eq!(left(&check(&caller, &one).await), (Some(9), Some(2)));
    assert_eq!(left(&check(&caller, secret(&other)).await), (None, Some(1)));
    assert_eq!(left(&check(&caller, &one).await), (Some(8), Some(0)));
    let answer = check(&caller, &one).await;
    assert_eq!(answer.status, 429, "{}", answer.text());
    assert_eq!(answer.json()["violated-policies"], json!(["policy"]));
    assert_eq!(answer.header("retry-after"), "60");
    let policies = "\"key\";q=10;w=60, \"policy\";q=3;w=60";
    assert_eq!(answer.header("ratelimit-policy"), policies);
    assert_eq!(left(&answer), (Some(8), Some(0)), "the policy refused, the key lost nothing");
    let wrong = check(&caller, "9b7682b7-cbce-422f-9bbb-ecda85e61695").await;
    assert_eq!(wrong.status, 401, "a stranger does not learn how busy a policy is");
    assert_eq!(left(&wrong), (None, None));
    world.clock.advance_millis(60_000);
    assert_eq!(left(&check(&caller, &one).await), (Some(9), Some(2)), "nothing of the refused");
}

#[tokio::test]
async fn a_key_that_is_refused_takes_nothing_of_its_policy() {
    let world = world_of(vec![limited(2)]).await;
    let key = limited_key(&world, 1).await;
    let without = made(&world, json!({"permissions": ["orders:write"]})).await;
    let caller = asked(&world, "GET", "/orders");
    assert_eq!(left(&check(&caller, &key).await), (Some(0), Some(1)));
    for _ in 0..3 {
        let answer = check(&caller, &key).await;
        assert_eq!(answer.status, 429);
        assert_eq!(answer.json()["violated-policies"], json!(["key"]));
        assert_eq!(check(&caller, secret(&without)).await.status, 403);
        assert_eq!(check(&caller, "short").await.status, 401);
    }
    let other = made(&world, json!({})).await;
    assert_eq!(left(&check(&caller, secret(&other)).await), (None, Some(0)));
}

#[tokio::test]
async fn a_change_of_the_rules_forgets_no_unit() {
    let world = world_of(vec![limited(2)]).await;
    let key = made(&world, json!({})).await;
    let caller = asked(&world, "GET", "/orders");
    assert_eq!(check(&caller, secret(&key)).await.status, 200);
    configure(&world, vec![Policy { envelope: Envelope::Problem, ..limited(3) }, policy("more")]);
    assert_eq!(left(&check(&caller, secret(&key)).await), (None, Some(1)));
    assert_eq!(check(&caller, secret(&key)).await.status, 200);
    assert_eq!(check(&caller, secret(&key)).await.status, 429);
}

#[tokio::test]
async fn where_a_proxy_knows_no_429_the_true_status_stands_beside_403() {
    let nginx = Policy { limited_as: LimitedAs::Forbidden, ..orders() };
    let world = world_of(vec![nginx]).await;
    let key = limited_key(&world, 1).await;
    let caller = asked(&world, "GET", "/orders");
    assert_eq!(check(&caller, &key).await.status, 200);
    let answer = check(&caller, &key).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-keyward-status")), (403, "429"));
    assert_eq!(answer.header("retry-after"), "60");
    let two = caller.with_header("authorization", &format!("Bearer {key}"));
    let answer = check(&two, &key).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-keyward-status")), (403, "400"));
}

#[tokio::test]
async fn a_call_takes_as_many_units_as_its_policy_says() {
    let costly = Policy { cost: 4, ..orders() };
    let free = Policy { cost: 0, ..policy("free") };
    let world = world_of(vec![costly, free]).await;
    let key = limited_key(&world, 9).await;
    let caller = asked(&world, "GET", "/orders");
    assert_eq!(left(&check(&caller, &key).await), (Some(5), None));
    let free = caller.clone().with_header("x-api-key", &key);
    assert_eq!(left(&free.get("/check/free").await), (Some(5), None));
    assert_eq!(left(&check(&caller, &key).await), (Some(1), None));
    assert_eq!(check(&caller, &key).await.status, 429);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_11_many_at_once_pass_both_ceilings_and_no_more() {
    let world = world_of(vec![limited(100)]).await;
    let small = limited_key(&world, 30).await;
    let large = limited_key(&world, 500).await;
    let caller = asked(&world, "GET", "/orders");
    let calls = |key: &str, times: usize| {
        let caller = caller.clone().with_header("x-api-key", key);
        tokio::spawn(async move {
            let mut passed = 0_u32;
            for _ in 0..times {
                passed += u32::from(caller.get("/check/orders").await.status == 200);
            }
            passed
        })
    };
    let of_small: Vec<_> = (0..16).map(|_| calls(&small, 8)).collect();
    let of_large: Vec<_> = (0..16).map(|_| calls(&large, 16)).collect();
    let mut passed = [0, 0];
    for (tasks, passed) in [of_small, of_large].into_iter().zip(&mut passed) {
        for task in tasks {
            *passed += task.await.expect("a task");
        }
    }
    let [of_small, of_large] = passed;
    assert!(of_small <= 30, "{of_small}");
    assert_eq!(of_small + of_large, 100, "every unit was used once");
    // What the key has left is what it was not let through with.
    let free = Policy { cost: 0, ..policy("free") };
    configure(&world, vec![free]);
    let rest = caller.with_header("x-api-key", &large).get("/check/free").await;
    assert_eq!(left(&rest), (Some(500 - of_large), None));
}
