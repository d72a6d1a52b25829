//! What others do to a person and to their key.

use super::{PSK, REGENERATE, person, secret_of, verdict};
use it::{World, world::PASSWORD};
use serde_json::json;

#[tokio::test]
async fn disabling_the_person_ends_the_key_at_once_and_enabling_brings_it_back() {
    let world = World::start().await;
    let (ada, account) = person(&world, "ada", &["nx1_ask"]).await;
    let secret = secret_of(&ada.post(PSK, &json!({"description": null})).await);
    let (admin, verifier) =
        (world.person(r"t100\nexus").await, world.client("cluster-verifier").await);
    let switch = async |on: bool| admin.patch(&account, &json!({"enabled": on})).await;
    assert_eq!(switch(false).await.status, 200);
    assert_eq!(verdict(&verifier, &secret, None).await, "DISABLED");
    assert_eq!(ada.get(PSK).await.status, 401, "their tokens end");
    assert_eq!(switch(true).await.status, 200);
    assert_eq!(verdict(&verifier, &secret, Some("nx1:ask")).await, "VALID");
    assert_eq!(admin.delete(&account).await.status, 204);
    assert_eq!(verdict(&verifier, &secret, None).await, "REVOKED");
    let world = world.restart().await;
    let verifier = world.client("cluster-verifier").await;
    assert_eq!(verdict(&verifier, &secret, None).await, "REVOKED");
}

#[tokio::test]
async fn it_may_do_what_its_owners_roles_say_at_that_moment() {
    let world = World::start().await;
    let (ada, account) = person(&world, "ada", &["nx1_ask", "viewer"]).await;
    let secret = secret_of(&ada.post(PSK, &json!({"description": null})).await);
    let (admin, verifier) =
        (world.person(r"t100\nexus").await, world.client("cluster-verifier").await);
    for (roles, may) in [
        (vec!["nx1_ask", "viewer"], vec!["nx1:ask"]),
        (vec!["nx1_engineer"], vec!["nx1:engineer"]),
        (vec!["nx1_engineer", "nx1_ask"], vec!["nx1:ask", "nx1:engineer"]),
        (vec![], vec![]),
    ] {
        let changed = admin.patch(&account, &json!({"roles": roles})).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        for wanted in ["nx1:ask", "nx1:engineer", "nx1:monitor", "nx1:viewer"] {
            let expected = if may.contains(&wanted) { "VALID" } else { "INSUFFICIENT_PERMISSIONS" };
            assert_eq!(
                verdict(&verifier, &secret, Some(wanted)).await,
                expected,
                "{roles:?} {wanted}"
            );
        }
    }
}

#[tokio::test]
async fn others_keys_are_seen_and_ended_by_whoever_manages_persons() {
    let world = World::start().await;
    let (ada, account) = person(&world, "ada", &["nx1_ask"]).await;
    let (eve, _) = person(&world, "eve", &["nx1_ask"]).await;
    let secret = secret_of(&ada.post(PSK, &json!({"description": null})).await);
    let (admin, verifier) =
        (world.person(r"t100\nexus").await, world.client("cluster-verifier").await);
    let listed = admin.get("/v1/keys?keyType=psk").await.json();
    let key = &listed["keys"][0];
    assert_eq!(key["owner"].as_str(), account.rsplit('/').next());
    let path = format!("/v1/keys/{}", key["id"].as_str().unwrap());
    let own = ada.get(&path).await;
    assert_eq!(own.status, 200, "{}", own.text());
    // Whoever may change no key at all is told so, whatever it asks for.
    for (stranger, change) in [
        (&eve, 404),
        (&world.person(r"t200\bob").await, 404),
        (&world.person(r"t100\vera").await, 403),
    ] {
        assert_eq!(stranger.get(&path).await.status, 404);
        for answer in [
            stranger.act(&format!("{path}/regenerate")).await,
            stranger.act(&format!("{path}/revoke")).await,
            stranger.delete(&path).await,
        ] {
            assert_eq!(answer.status, change, "{}", answer.text());
        }
    }
    assert_eq!(verdict(&verifier, &secret, None).await, "VALID");
    assert_eq!(admin.act(&format!("{path}/revoke")).await.status, 200);
    assert_eq!(verdict(&verifier, &secret, None).await, "REVOKED");
    assert_eq!(ada.get(PSK).await.json()["is_active"], false);
    assert_eq!(ada.act(REGENERATE).await.status, 409);
    let second = secret_of(&ada.post(PSK, &json!({"description": null})).await);
    assert_eq!(ada.get(PSK).await.json()["is_active"], true);
    let listed = admin.get("/v1/keys?keyType=psk&availability=available").await.json();
    let path = format!("/v1/keys/{}", listed["keys"][0]["id"].as_str().unwrap());
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(verdict(&verifier, &second, None).await, "NOT_FOUND");
}

#[tokio::test]
async fn a_deployment_key_is_regenerated_by_whoever_may_and_the_old_one_is_dead_at_once() {
    let world = World::start().await;
    let (admin, verifier) =
        (world.person(r"t100\nexus").await, world.client("cluster-verifier").await);
    let body = json!({"keyType": "deployment", "name": "Deployment key"});
    let made = admin.post("/v1/keys", &body).await.json();
    let (id, old) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let regenerate = format!("/v1/keys/{id}/regenerate");
    assert_eq!(world.person(r"t100\vera").await.act(&regenerate).await.status, 403);
    assert_eq!(world.person(r"t200\bob").await.act(&regenerate).await.status, 404);
    assert_eq!(verdict(&verifier, old, Some("nx1:ask")).await, "VALID");
    let renewed = admin.act(&regenerate).await.json();
    assert_eq!(verdict(&verifier, old, None).await, "NOT_FOUND");
    let new = renewed["secret"].as_str().unwrap();
    assert_eq!(verdict(&verifier, new, Some("nx1:ask")).await, "VALID");
    let event = super::events(&admin, "key.regenerate").await.remove(0);
    assert_eq!(event["subject"]["id"], id);
    assert!(!event.to_string().contains(new));
    assert_eq!(
        world.anonymous().signed_in(r"t100\nexus", PASSWORD).await.get(PSK).await.status,
        404
    );
}
