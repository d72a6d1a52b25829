use super::{ANOTHER, BY_KEY, KEY, assigned, encoded, keys, keys_of, named, revoked, verdict};
use it::{
    World,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::json;

#[tokio::test]
async fn an_unassigned_key_is_gone_at_once_and_free_again() {
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    let verifier = world.client("cluster-verifier").await;
    let first = assigned(&admin, TENANT, KEY).await;
    let answer = admin.delete(&format!("{}/{}", keys(), encoded(KEY))).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, r#"{"status":{"code":0}}"#));
    assert_eq!(verdict(&verifier, KEY).await, "NOT_FOUND");
    assert_eq!(admin.get(&keys()).await.json()["data"], json!([]));
    assert_eq!(admin.get(&format!("{BY_KEY}/{KEY}")).await.status, 404);
    assert_eq!(admin.delete(&format!("{}/{KEY}", keys())).await.status, 404);
    let second = assigned(&bob, OTHER_TENANT, KEY).await;
    assert_ne!(first, second);
    assert_eq!(verdict(&verifier, KEY).await, "VALID");
}

#[tokio::test]
async fn a_key_is_unassigned_by_its_id_and_by_a_body_too() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let verifier = world.client("cluster-verifier").await;
    let id = assigned(&admin, TENANT, KEY).await;
    assert_eq!(admin.delete(&format!("{}/{id}", keys())).await.status, 200);
    let posted = format!("{}/unassign", keys());
    for by_id in [true, false] {
        let id = assigned(&admin, TENANT, KEY).await;
        let answer = admin.post(&posted, &named(if by_id { &id } else { KEY })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(verdict(&verifier, KEY).await, "NOT_FOUND");
    }
    assert_eq!(admin.post(&posted, &json!({"apiKey": KEY})).await.status, 400);
    assert_eq!(admin.post(&posted, &named(KEY)).await.status, 404);
    let log = admin.get("/v1/audit?action=key.delete").await.json();
    assert_eq!(log["events"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn a_revoked_secret_is_never_free_again() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    assigned(&admin, TENANT, KEY).await;
    revoked(&world, &admin, KEY).await;
    assert_eq!(admin.delete(&format!("{}/{KEY}", keys())).await.status, 200);
    assert_eq!(admin.post(&keys(), &named(KEY)).await.status, 409);
}

#[tokio::test]
async fn en_03_what_is_not_of_the_contact_center_is_not_there() {
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    let id = assigned(&admin, TENANT, KEY).await;
    let missing = bob.delete(&format!("{}/{ANOTHER}", keys_of(OTHER_TENANT))).await;
    assert_eq!(missing.status, 404, "{}", missing.text());
    for path in [
        format!("{}/{KEY}", keys()),
        format!("{}/{id}", keys()),
        format!("{}/{KEY}", keys_of(OTHER_TENANT)),
        format!("{}/{id}", keys_of(OTHER_TENANT)),
        format!("{}/{KEY}", keys_of("t100")),
    ] {
        let answer = bob.delete(&path).await;
        assert_eq!((answer.status, answer.text()), (missing.status, missing.text()), "{path}");
    }
    // The cluster reaches the key, but not under another contact center.
    let ops = world.person("ops").await;
    assert_eq!(ops.delete(&format!("{}/{KEY}", keys_of(OTHER_TENANT))).await.status, 404);
    assert_eq!(verdict(&world.client("cluster-verifier").await, KEY).await, "VALID");
    assert_eq!(ops.delete(&format!("{}/{KEY}", keys())).await.status, 200);
}

#[tokio::test]
async fn whoever_lacks_the_right_unassigns_nothing() {
    let world = World::start().await;
    assigned(&world.person(r"t100\nexus").await, TENANT, KEY).await;
    let posted = format!("{}/unassign", keys());
    for (caller, status) in [
        (world.person(r"t100\vera").await, 403),
        (world.client("powerless").await, 403),
        (world.anonymous(), 401),
    ] {
        assert_eq!(caller.delete(&format!("{}/{KEY}", keys())).await.status, status);
        assert_eq!(caller.post(&posted, &named(KEY)).await.status, status);
    }
    assert_eq!(verdict(&world.client("cluster-verifier").await, KEY).await, "VALID");
}
