use super::{act, api, made, newest, nexus, patch, show, verdict};
use it::World;
use serde_json::json;

#[tokio::test]
async fn what_is_named_changes_and_the_rest_stays() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, &api("before")).await;
    let change = json!({
        "name": "after", "description": "d", "permissions": ["orders:*"],
        "expires": "2027-01-01T00:00:00Z", "limit": {"capacity": 5, "frequency": 60},
        "allowList": {"origins": ["*.example.com"], "methods": ["GET"], "paths": ["/a"]},
    });
    let answer = patch(&admin, &id, &change).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("etag"), "\"2\"");
    let key = show(&admin, &id).await;
    assert_eq!(key, answer.json());
    assert_eq!(key["name"], "after");
    assert_eq!(key["permissions"], json!(["orders:*"]));
    assert_eq!(key["allowList"]["origins"], json!(["https://*.example.com"]));
    let cleared = json!({"description": null, "expires": null, "limit": null});
    let key = patch(&admin, &id, &cleared).await.json();
    assert_eq!(
        (&key["description"], &key["expires"], &key["limit"]),
        (&json!(null), &json!(null), &json!(null))
    );
    assert_eq!(key["name"], "after");
    let same = patch(&admin, &id, &key).await;
    assert_eq!((same.status.as_u16(), same.json()), (200, key));
}

#[tokio::test]
async fn a_version_that_has_passed_changes_nothing() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &api("guarded")).await;
    let stale = admin.clone().with_header("if-match", "\"1\"");
    assert_eq!(patch(&stale, &id, &json!({"name": "first"})).await.status, 200);
    let refused = patch(&stale, &id, &json!({"name": "second"})).await;
    assert_eq!(refused.status, 412);
    assert_eq!(refused.json()["code"], "precondition_failed");
    for action in ["disable", "enable", "revoke", "acknowledge", "rotate"] {
        assert_eq!(act(&stale, &id, action).await.status, 412, "{action}");
    }
    assert_eq!(stale.delete(&format!("/v1/keys/{id}")).await.status, 412);
    assert_eq!(show(&admin, &id).await["version"], 2);
    assert_eq!(verdict(&admin, &secret).await, "VALID");
    let weak = admin.clone().with_header("if-match", "W/\"2\"");
    assert_eq!(patch(&weak, &id, &json!({"name": "third"})).await.status, 412);
}

#[tokio::test]
async fn ap_03_what_cannot_change_cannot_be_changed_by_a_body() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, &api("fixed")).await;
    let before = show(&admin, &id).await;
    for (member, value) in [
        ("id", json!("key_0000000000000000000000")),
        ("keyType", json!("nexus")),
        ("tenant", json!("*")),
        ("owner", json!("00000000-0000-4000-8000-000000000000")),
        ("createdBy", json!("someone else")),
        ("created", json!("2020-01-01T00:00:00.000Z")),
        ("hint", json!("x")),
        ("revoked", json!("2026-03-01T12:00:00.000Z")),
        ("acknowledged", json!("2026-03-01T12:00:00.000Z")),
        ("version", json!(9)),
        ("keyType", json!(null)),
        ("secret", json!("x")),
        ("digest", json!("x")),
    ] {
        let answer = patch(&admin, &id, &json!({"name": "changed", member: value})).await;
        assert_eq!(answer.status, 400, "{member}: {}", answer.text());
    }
    assert_eq!(show(&admin, &id).await, before);
}

#[tokio::test]
async fn settings_of_another_type_do_not_change() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (chat, _) = made(&admin, &nexus("chat")).await;
    let (ges, _) =
        made(&admin, &json!({"keyType": "ges", "name": "g", "secret": "a-secret-of-my-own"})).await;
    let (deployment, _) = made(&admin, &json!({"keyType": "deployment", "name": "d"})).await;
    for (id, change) in [
        (&chat, json!({"description": "d"})),
        (&chat, json!({"permissions": ["nexus:designer:chat"]})),
        (&ges, json!({"name": "n"})),
        (&ges, json!({"enabled": false})),
        (&deployment, json!({"expires": "2027-01-01T00:00:00Z"})),
    ] {
        let answer = patch(&admin, id, &change).await;
        assert_eq!(answer.status, 409, "{change}: {}", answer.text());
        assert!(answer.json()["detail"].as_str().unwrap().contains("type"), "{}", answer.text());
    }
    assert_eq!(act(&admin, &ges, "disable").await.status, 409);
}

#[tokio::test]
async fn a_switch_and_a_revocation_hold_for_the_next_verification() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &api("switched")).await;
    for (action, wanted) in [("disable", "DISABLED"), ("enable", "VALID")] {
        assert_eq!(act(&admin, &id, action).await.status, 200);
        assert_eq!(verdict(&admin, &secret).await, wanted);
        assert_eq!(newest(&admin, &format!("key.{action}")).await["subject"]["id"], id.as_str());
    }
    let path = format!("/v1/keys/{id}/revoke");
    let later = json!({"at": "2026-03-01T13:00:00Z", "reason": "Replaced"});
    let answer = admin.post(&path, &later).await;
    assert_eq!(answer.json()["revoked"], "2026-03-01T13:00:00.000Z");
    assert_eq!(answer.json()["revokeReason"], "Replaced");
    assert_eq!(verdict(&admin, &secret).await, "VALID");
    assert_eq!(admin.post(&path, &json!({"reason": "Leaked"})).await.status, 200);
    assert_eq!(verdict(&admin, &secret).await, "REVOKED");
    assert_eq!(newest(&admin, "key.revoke").await["after"]["revokeReason"], "Leaked");
    world.clock.advance_millis(1_000);
    assert_eq!(admin.post(&path, &later).await.status, 409);
    assert_eq!(admin.post(&path, &json!({})).await.json()["revokeReason"], "Leaked");
    for (action, status) in [("enable", 200), ("disable", 409), ("rotate", 409)] {
        assert_eq!(act(&admin, &id, action).await.status, status, "{action}");
    }
    assert_eq!(verdict(&admin, &secret).await, "REVOKED");
    for bad in [json!({"at": "soon"}), json!({"reason": ""}), json!({"when": 1})] {
        assert_eq!(admin.post(&path, &bad).await.status, 400, "{bad}");
    }
}
