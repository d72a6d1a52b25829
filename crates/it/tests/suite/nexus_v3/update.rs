use super::{at, chat, made, verdict};
use it::{World, world::OTHER_TENANT};
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_named_changes_and_the_rest_stays() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, &chat("before")).await;
    let before = admin.get(&at(&secret)).await.json();
    let answer = admin.put(&at(&secret), &json!({"name": "after", "capacity": 5})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut wanted = before.clone();
    wanted["name"] = json!("after");
    wanted["capacity"] = json!(5);
    assert_eq!(answer.json(), wanted);
    assert_eq!(admin.get(&at(&secret)).await.json(), wanted);
    assert_eq!(answer.header("etag"), "\"2\"");
}

#[tokio::test]
async fn a_whole_key_may_be_sent_back_as_it_is() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, &chat("same")).await;
    let key = admin.get(&at(&secret)).await.json();
    let answer = admin.put(&at(&secret), &key).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json(), key);
    assert_eq!(answer.header("etag"), "\"1\"", "nothing changed");
    let wrapped = admin.put(&at(&secret), &json!({"data": key})).await;
    assert_eq!(wrapped.json()["data"], key);
}

#[tokio::test]
async fn ot_05_what_is_read_only_does_not_change() {
    let world = World::start().await;
    let admin = world.person("ops").await;
    let secret = made(&admin, &chat("fixed")).await;
    let other = made(&admin, &chat("other")).await;
    let before = admin.get(&at(&secret)).await.json();
    let cases = [
        ("tenant", json!(OTHER_TENANT)),
        ("tenant", json!("*")),
        ("tenant", json!([OTHER_TENANT])),
        ("permissions", json!(["nexus:consumer:*"])),
        ("permissions", json!([])),
        ("created", json!("2020-01-01T00:00:00Z")),
        ("createdby", json!("someone")),
        ("id", json!(other)),
        ("id", json!("9b7682b7-cbce-422f-9bbb-ecda85e61695")),
    ];
    for (member, value) in cases {
        let answer = admin.put(&at(&secret), &json!({"name": "changed", member: value})).await;
        assert_eq!(answer.status, 400, "{member}: {}", answer.text());
        assert!(answer.text().contains(member), "{}", answer.text());
    }
    assert_eq!(admin.get(&at(&secret)).await.json(), before);
}

#[tokio::test]
async fn rv_05_a_switch_holds_for_the_next_verification() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let verifier = world.client("cluster-verifier").await;
    let secret = made(&admin, &chat("switched")).await;
    for (enabled, wanted) in [(false, "DISABLED"), (true, "VALID"), (false, "DISABLED")] {
        let answer = admin.put(&at(&secret), &json!({"enabled": enabled})).await;
        assert_eq!(answer.json()["enabled"], enabled);
        assert_eq!(verdict(&verifier, &secret).await, wanted);
    }
}

#[tokio::test]
async fn ot_06_an_expired_key_may_be_extended_and_the_log_says_so() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let verifier = world.client("cluster-verifier").await;
    let mut body = chat("short");
    body["expires"] = json!("2026-03-01T12:00:10Z");
    let secret = made(&admin, &body).await;
    assert_eq!(verdict(&verifier, &secret).await, "VALID");
    world.clock.advance_millis(10_000);
    assert_eq!(verdict(&verifier, &secret).await, "EXPIRED");
    let viewer = world.person(r"t100\vera").await;
    let refused = viewer.put(&at(&secret), &json!({"expires": false})).await;
    assert_eq!(refused.status, 403);
    assert_eq!(admin.put(&at(&secret), &json!({"expires": false})).await.status, 200);
    assert_eq!(verdict(&verifier, &secret).await, "VALID");
    let log = admin.get("/v1/audit?action=key.update").await.json();
    assert_eq!(log["events"][0]["event"]["detail"]["expiredKeyExtended"], true);
    assert_eq!(log["events"][0]["event"]["before"]["expiresAt"], "2026-03-01T12:00:10.000Z");
    assert_eq!(log["events"][0]["event"]["after"]["expiresAt"], Value::Null);
}

#[tokio::test]
async fn ot_06_a_revoked_key_never_comes_back() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let verifier = world.client("cluster-verifier").await;
    let secret = made(&admin, &chat("gone")).await;
    let answer = admin.put(&at(&secret), &json!({"revoked": true})).await;
    assert_eq!(answer.json()["revoked"], "2026-03-01T12:00:00.000Z");
    assert_eq!(verdict(&verifier, &secret).await, "REVOKED");
    world.clock.advance_millis(1_000);
    let attempts = [
        json!({"revoked": false}),
        json!({"revoked": "2027-01-01T00:00:00Z"}),
        json!({"revoked": "2026-02-01T00:00:00Z"}),
        json!({"enabled": false}),
        json!({"expires": "2027-01-01T00:00:00Z"}),
        json!({"capacity": 9}),
        json!({"revoked": false, "enabled": true, "expires": false}),
    ];
    for attempt in attempts {
        let answer = admin.put(&at(&secret), &attempt).await;
        assert_eq!(answer.status, 409, "{attempt}: {}", answer.text());
        assert_eq!(verdict(&verifier, &secret).await, "REVOKED");
    }
    let again = admin.put(&at(&secret), &json!({"revoked": true, "name": "still gone"})).await;
    assert_eq!(again.status, 200, "{}", again.text());
    assert_eq!(again.json()["revoked"], "2026-03-01T12:00:00.000Z");
    let world = world.restart().await;
    let verifier = world.client("cluster-verifier").await;
    assert_eq!(verdict(&verifier, &secret).await, "REVOKED");
}

#[tokio::test]
async fn a_future_revocation_may_be_moved_and_taken_back_until_it_passes() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let verifier = world.client("cluster-verifier").await;
    let secret = made(&admin, &chat("ending")).await;
    for value in [
        json!("2026-03-01T12:01:00Z"),
        json!("2026-03-01T12:02:00Z"),
        json!(false),
        json!(1_772_366_430_000_i64),
    ] {
        assert_eq!(admin.put(&at(&secret), &json!({"revoked": value})).await.status, 200);
        assert_eq!(verdict(&verifier, &secret).await, "VALID");
    }
    world.clock.advance_millis(29_999);
    assert_eq!(verdict(&verifier, &secret).await, "VALID");
    world.clock.advance_millis(1);
    assert_eq!(verdict(&verifier, &secret).await, "REVOKED");
    assert_eq!(admin.put(&at(&secret), &json!({"revoked": false})).await.status, 409);
}

#[tokio::test]
async fn a_version_guards_against_a_lost_update() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, &chat("guarded")).await;
    let stale = admin.clone().with_header("if-match", "\"1\"");
    assert_eq!(stale.put(&at(&secret), &json!({"name": "first"})).await.status, 200);
    assert_eq!(stale.put(&at(&secret), &json!({"name": "second"})).await.status, 412);
    assert_eq!(stale.delete(&at(&secret)).await.status, 412);
    assert_eq!(admin.get(&at(&secret)).await.json()["name"], "first");
}

#[tokio::test]
async fn bad_values_change_nothing() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, &chat("kept")).await;
    let before = admin.get(&at(&secret)).await.json();
    let cases = [
        json!({"name": ""}),
        json!({"name": null}),
        json!({"enabled": 1}),
        json!({"expires": true}),
        json!({"expires": null}),
        json!({"revoked": "later"}),
        json!({"capacity": 0}),
        json!({"frequency": 86_401}),
        json!({"name": "new", "capacity": 1_000_001}),
        json!([]),
    ];
    for case in cases {
        let answer = admin.put(&at(&secret), &case).await;
        assert_eq!(answer.status, 400, "{case}: {}", answer.text());
    }
    assert_eq!(admin.get(&at(&secret)).await.json(), before);
}
