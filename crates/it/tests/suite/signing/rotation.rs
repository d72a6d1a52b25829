use super::{after, kid, kids, later, published, realm, rotate, sign_by, signed, world};
use domain::signing::{Algorithm, Stage};
use it::{
    World,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::json;
use service::signing::CACHED_FOR_S;
use std::collections::VecDeque;

/// Seconds between two looks at the clock.
const STEP_S: u32 = 300;
/// For which the tokens of this client live.
const TOKEN_S: i64 = 1_800;

#[tokio::test]
async fn jw_06_who_keeps_the_set_for_its_time_never_meets_a_key_that_is_not_in_it() {
    let world = world().await;
    let (mut set, mut fetched_at) = (published(&world).await, world.clock.wall());
    let mut tokens = VecDeque::new();
    let (mut rotations, mut signers) = (0, Vec::<String>::new());
    while rotations < 20 || !tokens.is_empty() {
        if rotations < 20 {
            let jwt = signed(&world).await;
            if signers.last() != Some(&kid(&jwt)) {
                signers.push(kid(&jwt));
                // Whoever rotates does so at any time: here, whenever the last one has come into force.
                rotate(&world.person("ops").await, &json!({})).await;
                rotations += 1;
            }
            tokens.push_back((world.clock.wall().plus_seconds(TOKEN_S), jwt));
        }
        later(&world, STEP_S).await;
        let now = world.clock.wall();
        if fetched_at.plus_seconds(CACHED_FOR_S.into()) <= now {
            (set, fetched_at) = (published(&world).await, now);
        }
        tokens.retain(|(ends, _)| *ends > now);
        for (_, jwt) in &tokens {
            assert!(kids(&set).contains(&kid(jwt)), "{} at {now}", kid(jwt));
            assert!(world.service.verify_own(realm(), jwt).await.unwrap().is_some());
        }
    }
    assert_eq!(signers.len(), 20);
    let before = kids(&published(&world).await).len();
    later(&world, 40 * 86_400).await;
    let left = kids(&published(&world).await);
    assert!(before > 2 && left.len() <= 2, "{before}, then {left:?}");
}

#[tokio::test]
async fn jw_06_a_successor_is_published_an_hour_before_it_signs() {
    let world = world().await;
    let first = kid(&signed(&world).await);
    let next = rotate(&world.person("ops").await, &json!({})).await;
    let next = next["kid"].as_str().unwrap();
    assert_eq!(kids(&published(&world).await), [first.as_str(), next]);
    later(&world, 3_599).await;
    assert_eq!(kid(&signed(&world).await), first);
    later(&world, 1).await;
    assert_eq!(kid(&signed(&world).await), next);
    assert_eq!(kids(&published(&world).await), [next, first.as_str()]);
    const { assert!(3_600 > CACHED_FOR_S) };
}

#[tokio::test]
async fn a_key_of_the_configured_age_gets_a_successor_once() {
    let world = World::start_with(|settings, _| settings.signing_key_days = 2).await;
    sign_by(&world, Algorithm::EdDsa).await;
    let first = kid(&signed(&world).await);
    later(&world, 2 * 86_400).await;
    assert_eq!(kids(&published(&world).await), std::slice::from_ref(&first), "not older than that");
    later(&world, 1).await;
    let both = kids(&published(&world).await);
    assert_eq!((both.len(), &both[0]), (2, &first));
    if let Some((other, _)) = world.second_node().await {
        other.rotate_due_signing_keys().await.unwrap();
    }
    later(&world, 60).await;
    assert_eq!(kids(&published(&world).await), both);
    later(&world, 3_600).await;
    assert_eq!(kid(&signed(&world).await), both[1]);
    assert_eq!(events(&world, "signing_key.rotate").await, 1);
}

#[tokio::test]
async fn a_key_that_signs_otherwise_than_its_tenant_says_gets_a_successor_by_schedule() {
    let world = world().await;
    signed(&world).await;
    let change = format!("UPDATE tenants SET signing_algorithm = 'EdDSA' WHERE id = '{TENANT}'");
    assert!(world.place().sql(&change).is_empty());
    later(&world, 1).await;
    let keys = world.service.realm_keys(realm()).await.unwrap();
    let algorithms: Vec<_> = keys.all().map(|key| key.algorithm).collect();
    assert_eq!(algorithms, [Algorithm::Es256, Algorithm::EdDsa]);
}

#[tokio::test]
async fn a_rotation_now_replaces_one_that_waits() {
    let world = world().await;
    let ops = world.person("ops").await;
    let first = kid(&signed(&world).await);
    let waits = rotate(&ops, &json!({})).await;
    let now = rotate(&ops, &json!({"now": true})).await;
    assert_eq!(json!(kid(&signed(&world).await)), now["kid"]);
    assert_eq!(kids(&published(&world).await), [now["kid"].as_str().unwrap(), &first]);
    let keys = world.service.realm_keys(realm()).await.unwrap();
    let waited = keys.all().find(|key| waits["kid"] == key.kid.as_str()).unwrap();
    assert_eq!(waited.stage(after(0)), Stage::Ended, "it never signed");
    later(&world, 1).await;
    assert_eq!(world.place().sql("SELECT count(*) FROM signing_keys"), ["2"]);
}

#[tokio::test]
async fn a_realm_publishes_so_many_keys_and_no_more() {
    let world = world().await;
    let ops = world.person("ops").await;
    let path = format!("/v1/tenants/{TENANT}/rotate-signing-key");
    let mut made = 0;
    let refused = loop {
        let answer = ops.post(&path, &json!({})).await;
        if answer.status != 200 {
            break answer;
        }
        made += 1;
    };
    assert_eq!((made, refused.status.as_u16()), (service::signing::MAX_PUBLISHED, 409));
    assert_eq!(kids(&published(&world).await).len(), made);
    later(&world, 40 * 86_400).await;
    rotate(&world.person("ops").await, &json!({})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_who_asks_first_gets_the_same_key_on_every_node() {
    let world = World::start().await;
    let services = match world.second_node().await {
        Some((other, _)) => vec![world.service.clone(), other],
        None => vec![world.service.clone()],
    };
    let asked = (0..8).map(|n| {
        let service = services[n % services.len()].clone();
        tokio::spawn(async move {
            let jwt = service.sign_jwt(realm(), "JWT", &serde_json::Map::new()).await.unwrap();
            kid(jwt.expose())
        })
    });
    let asked: Vec<_> = asked.collect();
    let mut signers = Vec::new();
    for one in asked {
        signers.push(one.await.unwrap());
    }
    signers.dedup();
    assert_eq!(signers.len(), 1, "{signers:?}");
    assert_eq!(kids(&published(&world).await), signers);
    assert_eq!(events(&world, "signing_key.create").await, 1);
}

#[tokio::test]
async fn realms_sign_with_keys_of_their_own() {
    let world = world().await;
    let jwt = signed(&world).await;
    let other = domain::id::TenantId::parse(OTHER_TENANT).unwrap();
    assert!(world.service.verify_own(realm(), &jwt).await.unwrap().is_some());
    assert!(world.service.verify_own(other, &jwt).await.unwrap().is_none());
}

async fn events(world: &World, action: &str) -> usize {
    let path = format!("/v1/audit?tenant={TENANT}&action={action}");
    let answer = world.person("ops").await.get(&path).await.json();
    answer["events"].as_array().unwrap().len()
}
