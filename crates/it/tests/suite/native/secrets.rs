use super::{act, api, later, made, newest, nexus, show, verdict};
use it::World;
use serde_json::json;

#[tokio::test]
async fn after_a_rotation_both_secrets_work_until_the_overlap_ends() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for body in [api("rotated"), nexus("rotated")] {
        let verifier = world.client("cluster-verifier").await;
        let (id, old) = made(&admin, &body).await;
        let path = format!("/v1/keys/{id}/rotate");
        let answer = admin.post(&path, &json!({"overlapSeconds": 600})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let new = answer.json()["secret"].as_str().unwrap().to_owned();
        assert_ne!(old, new);
        assert_eq!(answer.json()["id"], id.as_str());
        for secret in [&old, &new] {
            assert_eq!(verdict(&verifier, secret).await, "VALID");
        }
        let again = admin.post(&path, &json!({"overlapSeconds": 1})).await;
        assert_eq!(again.status, 409, "{}", again.text());
        later(&world, 599_999);
        assert_eq!(verdict(&verifier, &old).await, "VALID");
        world.clock.advance_millis(1);
        assert_eq!(verdict(&verifier, &old).await, "NOT_FOUND");
        assert_eq!(verdict(&verifier, &new).await, "VALID");
        let third = admin.post(&path, &json!({"overlapSeconds": 600})).await.json();
        let fourth = admin.post(&path, &json!({"endOverlap": true})).await.json();
        let last = fourth["secret"].as_str().unwrap();
        assert_eq!(verdict(&verifier, &new).await, "NOT_FOUND");
        assert_eq!(verdict(&verifier, third["secret"].as_str().unwrap()).await, "NOT_FOUND");
        assert_eq!(verdict(&verifier, last).await, "VALID");
        let event = newest(&admin, "key.rotate").await;
        assert_eq!(event["detail"]["overlapSeconds"], 0);
        assert!(!event.to_string().contains(last));
    }
}

#[tokio::test]
async fn a_rotation_survives_a_restart_and_its_limit_is_one() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut body = api("limited");
    body["limit"] = json!({"capacity": 3, "frequency": 60});
    let (id, old) = made(&admin, &body).await;
    let rotate = json!({"overlapSeconds": 2_592_000});
    let new = admin.post(&format!("/v1/keys/{id}/rotate"), &rotate).await.json();
    let new = new["secret"].as_str().unwrap().to_owned();
    for secret in [&old, &new, &old] {
        assert_eq!(verdict(&admin, secret).await, "VALID");
    }
    assert_eq!(verdict(&admin, &new).await, "RATE_LIMITED");
    let world = world.restart().await;
    let verifier = world.client("cluster-verifier").await;
    for secret in [&old, &new] {
        assert_eq!(verdict(&verifier, secret).await, "VALID");
    }
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(act(&admin, &id, "disable").await.status, 200);
    for secret in [&old, &new] {
        assert_eq!(verdict(&verifier, secret).await, "DISABLED");
    }
}

#[tokio::test]
async fn a_type_that_cannot_rotate_says_what_can_be_done() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (psk, old) = made(&admin, &json!({"keyType": "psk", "name": "p"})).await;
    let (ges, _) =
        made(&admin, &json!({"keyType": "ges", "name": "g", "secret": "a-secret-of-my-own"})).await;
    let (own, _) = made(&admin, &api("a")).await;
    for (id, action, word) in [
        (&psk, "rotate", "regenerate"),
        (&ges, "rotate", "delete"),
        (&ges, "regenerate", "delete"),
        (&ges, "revoke", "delete"),
        (&own, "regenerate", "rotate"),
    ] {
        let answer = act(&admin, id, action).await;
        assert_eq!(answer.status, 409, "{action}: {}", answer.text());
        assert!(answer.json()["detail"].as_str().unwrap().contains(word), "{}", answer.text());
    }
    let new = act(&admin, &psk, "regenerate").await.json();
    let verifier = world.client("cluster-verifier").await;
    assert_eq!(verdict(&verifier, &old).await, "NOT_FOUND");
    assert_eq!(verdict(&verifier, new["secret"].as_str().unwrap()).await, "VALID");
    for bad in
        [json!({"overlapSeconds": 2_592_001}), json!({"overlapSeconds": -1}), json!({"x": 1})]
    {
        let answer = admin.post(&format!("/v1/keys/{own}/rotate"), &bad).await;
        assert_eq!(answer.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn ot_04_a_copy_has_a_secret_and_a_history_of_its_own() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut body = api("Chat");
    body["description"] = json!("d");
    body["limit"] = json!({"capacity": 9, "frequency": 60});
    body["allowList"] = json!({"methods": ["GET"]});
    let (id, secret) = made(&admin, &body).await;
    act(&admin, &id, "acknowledge").await;
    let copy = act(&admin, &id, "copy").await;
    assert_eq!(copy.status, 201, "{}", copy.text());
    let copy = copy.json();
    assert_eq!(copy["name"], "Chat_2");
    let source = show(&admin, &id).await;
    for same in ["keyType", "tenant", "description", "permissions", "limit", "allowList"] {
        assert_eq!(copy[same], source[same], "{same}");
    }
    for other in ["id", "hint"] {
        assert_ne!(copy[other], source[other], "{other}");
    }
    assert_ne!(copy["secret"], secret.as_str());
    assert_eq!((&copy["acknowledged"], &copy["version"]), (&json!(null), &json!(1)));
    let copied = copy["id"].as_str().unwrap();
    let log = admin.get(&format!("/v1/keys/{copied}/audit")).await.json();
    assert_eq!(log["events"].as_array().unwrap().len(), 1);
    assert_eq!(log["events"][0]["event"]["action"], "key.copy");
    assert_eq!(log["events"][0]["event"]["detail"]["copiedFrom"], id.as_str());
    assert_eq!(act(&admin, copied, "copy").await.json()["name"], "Chat_3");
    assert_eq!(act(&admin, &id, "revoke").await.status, 200);
    let of_revoked = act(&admin, &id, "copy").await.json();
    assert_eq!((&of_revoked["name"], &of_revoked["revoked"]), (&json!("Chat_4"), &json!(null)));
    let named = admin.post(&format!("/v1/keys/{id}/copy"), &json!({"name": "mine"})).await;
    assert_eq!(named.json()["name"], "mine");
}

#[tokio::test]
async fn a_copy_of_an_expired_key_needs_an_end_of_its_own() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let expiring = json!({"keyType": "api", "name": "short", "permissions": ["orders:read"],
        "expires": "2026-03-01T13:00:00Z"});
    let (id, _) = made(&admin, &expiring).await;
    let path = format!("/v1/keys/{id}/copy");
    assert_eq!(act(&admin, &id, "copy").await.json()["expires"], "2026-03-01T13:00:00.000Z");
    world.clock.advance_millis(3_600_000);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
    let admin = world.person(r"t100\nexus").await;
    for body in [json!({}), json!({"expires": "2026-03-01T12:00:00Z"})] {
        let refused = admin.post(&path, &body).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["field"]), (400, &json!("expires")));
    }
    let copied = admin.post(&path, &json!({"expires": "2026-03-02T00:00:00Z"})).await;
    assert_eq!(copied.json()["expires"], "2026-03-02T00:00:00.000Z", "{}", copied.text());
}

#[tokio::test]
async fn ot_02_the_creator_acknowledges_once() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, &api("stored")).await;
    let ops = world.person("ops").await;
    assert_eq!(act(&ops, &id, "acknowledge").await.status, 409);
    let first = act(&admin, &id, "acknowledge").await;
    assert_eq!(first.json()["acknowledged"], "2026-03-01T12:00:00.000Z", "{}", first.text());
    assert_eq!(newest(&admin, "key.acknowledge").await["subject"]["id"], id.as_str());
    world.clock.advance_millis(5_000);
    assert_eq!(act(&admin, &id, "acknowledge").await.json(), first.json());
    let rotated = act(&admin, &id, "rotate").await.json();
    assert_eq!(rotated["acknowledged"], json!(null));
    let (chat, _) = made(&admin, &nexus("chat")).await;
    assert_eq!(act(&admin, &chat, "acknowledge").await.status, 409);
}

#[tokio::test]
async fn a_reveal_is_in_the_log_before_it_is_answered() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &nexus("chat")).await;
    let viewer = world.person(r"t100\vera").await;
    assert_eq!(act(&viewer, &id, "reveal").await.status, 403);
    let answer = act(&admin, &id, "reveal").await;
    assert_eq!(answer.json()["secret"], secret.as_str());
    let event = newest(&admin, "key.reveal").await;
    assert_eq!(event["subject"]["id"], id.as_str());
    assert_eq!(event["requestId"], answer.header("x-request-id"));
}
