use super::{KEYS, at, chat, made};
use it::World;

#[tokio::test]
async fn a_key_is_found_by_its_secret_and_by_its_id() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, &chat("one")).await;
    let by_secret = admin.get(&at(&secret)).await;
    assert_eq!(by_secret.status, 200, "{}", by_secret.text());
    assert_eq!(by_secret.json()["id"], secret.as_str());
    let id = world.person(r"t100\vera").await.get(&at(&secret)).await.json()["id"].clone();
    let id = id.as_str().unwrap();
    assert!(id.starts_with("key_") && id.len() == 26, "{id}");
    let by_id = admin.get(&at(id)).await;
    assert_eq!(by_id.json(), by_secret.json());
    assert_eq!(by_id.header("etag"), "\"1\"");
}

#[tokio::test]
async fn the_path_is_decoded_once() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, &chat("one")).await;
    let escaped = secret.replace('-', "%2D");
    assert_eq!(admin.get(&at(&escaped)).await.status, 200);
    assert_eq!(admin.get(&at(&secret.replace('-', "%252D"))).await.status, 404);
}

#[tokio::test]
async fn who_may_not_reveal_sees_the_id_of_the_key() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, &chat("hidden")).await;
    let viewer = world.person(r"t100\vera").await;
    let list = viewer.get(KEYS).await.text();
    assert!(list.contains("key_") && !list.contains(&secret), "{list}");
    assert!(!viewer.get(&at(&secret)).await.text().contains(&secret));
}

#[tokio::test]
async fn en_03_what_is_foreign_and_what_is_nowhere_are_one_answer() {
    let world = World::start().await;
    let foreign = made(&world.person(r"t100\nexus").await, &chat("foreign")).await;
    let bob = world.person(r"t200\bob").await;
    let foreign_id = world.person(r"t100\vera").await.get(&at(&foreign)).await.json()["id"].clone();
    let mut answers = Vec::new();
    for path in [
        foreign.as_str(),
        foreign_id.as_str().unwrap(),
        "9b7682b7-cbce-422f-9bbb-ecda85e61695",
        "key_0000000000000000000000",
        "key_short",
        "x",
        "kw_x",
        "%00",
        "a%2Fb",
    ] {
        let answer = bob.get(&at(path)).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        answers.push(answer.json()["status"].clone());
        assert_eq!(bob.put(&at(path), &serde_json::json!({"name": "mine"})).await.status, 404);
        assert_eq!(bob.delete(&at(path)).await.status, 404);
    }
    assert!(answers.iter().all(|a| *a == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn keys_of_other_types_are_not_on_this_wire() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    // The first start made a deployment key; this wire knows nothing of it.
    let list = admin.get(KEYS).await.json();
    assert_eq!(list.as_array().map(Vec::len), Some(0));
}
