use super::{KEYS, at, chat, made, verdict};
use it::World;
use serde_json::json;

#[tokio::test]
async fn a_deleted_key_is_gone_at_once_and_for_good() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let verifier = world.client("cluster-verifier").await;
    let secret = made(&admin, &chat("short-lived")).await;
    let answer = admin.delete(&at(&secret)).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (204, ""));
    assert_eq!(verdict(&verifier, &secret).await, "NOT_FOUND");
    assert_eq!(admin.get(&at(&secret)).await.status, 404);
    assert_eq!(admin.put(&at(&secret), &json!({"enabled": true})).await.status, 404);
    assert_eq!(admin.delete(&at(&secret)).await.status, 404);
    assert_eq!(admin.get(KEYS).await.json(), json!([]));
    let world = world.restart().await;
    let verifier = world.client("cluster-verifier").await;
    assert_eq!(verdict(&verifier, &secret).await, "NOT_FOUND");
}

#[tokio::test]
async fn deleting_needs_the_right() {
    let world = World::start().await;
    let secret = made(&world.person(r"t100\nexus").await, &chat("kept")).await;
    assert_eq!(world.person(r"t100\vera").await.delete(&at(&secret)).await.status, 403);
    assert_eq!(world.anonymous().delete(&at(&secret)).await.status, 401);
    let verifier = world.client("cluster-verifier").await;
    assert_eq!(verdict(&verifier, &secret).await, "VALID");
}

#[tokio::test]
async fn a_revoked_key_may_be_deleted() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let verifier = world.client("cluster-verifier").await;
    let secret = made(&admin, &chat("revoked")).await;
    assert_eq!(admin.put(&at(&secret), &json!({"revoked": true})).await.status, 200);
    assert_eq!(admin.delete(&at(&secret)).await.status, 204);
    assert_eq!(verdict(&verifier, &secret).await, "NOT_FOUND");
}
