//! Keys on a schedule, under a clock that the test moves.

use super::*;
use it::world::TENANT;

async fn revealed(caller: &Caller, id: &str) -> String {
    both(&act(caller, id, "reveal", &json!({})).await).1
}

#[tokio::test]
async fn a_key_that_can_be_read_again_gets_its_new_secret_when_it_is_due() {
    let world = World::start().await;
    let (id, first) = {
        let admin = admin(&world).await;
        made(&admin, &nexus(&json!({"rotation": every(7, HOUR_S)}))).await
    };
    later(&world, 7 * DAY_S - 1);
    world.service.rotate_due_keys().await.unwrap();
    let caller = admin(&world).await;
    assert_eq!(shown(&caller, &id).await["version"], 1, "not due yet");
    later(&world, 1);
    world.service.rotate_due_keys().await.unwrap();
    world.service.rotate_due_keys().await.unwrap();
    let caller = admin(&world).await;
    let key = shown(&caller, &id).await;
    assert_eq!((&key["version"], &key["secretEnds"]), (&json!(2), &Value::Null));
    let rotation =
        json!({"everyDays": 7, "overlapSeconds": 3_600, "dueAt": "2026-03-15T12:00:00.000Z"});
    assert_eq!(key["rotation"], rotation);
    let second = revealed(&caller, &id).await;
    assert_ne!(second, first);
    assert_eq!(verdicts(&caller, [&first, &second]).await, ["VALID", "VALID"]);
    let log = caller.get(&format!("/v1/audit?subject={id}&action=key.rotate")).await.json();
    let events = log["events"].as_array().unwrap();
    assert_eq!(events.len(), 1);
    let event = &events[0]["event"];
    assert_eq!(event["actor"]["kind"], "system", "{event}");
    assert_eq!(event["detail"], json!({"overlapSeconds": 3_600, "scheduled": true}));
    later(&world, HOUR_S);
    assert_eq!(verdicts(&caller, [&first, &second]).await, ["NOT_FOUND", "VALID"]);
}

#[tokio::test]
async fn a_server_that_stood_still_rotates_once_and_is_then_in_step_again() {
    let world = World::start().await;
    let (id, first) =
        made(&admin(&world).await, &nexus(&json!({"rotation": every(7, HOUR_S)}))).await;
    later(&world, 36 * DAY_S);
    world.service.rotate_due_keys().await.unwrap();
    world.service.rotate_due_keys().await.unwrap();
    let caller = admin(&world).await;
    let key = shown(&caller, &id).await;
    assert_eq!(
        (&key["version"], &key["rotation"]["dueAt"]),
        (&json!(2), &json!("2026-04-12T12:00:00.000Z"))
    );
    assert_eq!(verdict(&caller, &first).await, "VALID", "its overlap begins now");
}

#[tokio::test]
async fn keys_that_have_ended_or_whose_tenant_is_out_of_service_are_left_as_they_are() {
    let world = World::start().await;
    let admin_then = admin(&world).await;
    let mut ids = Vec::new();
    for more in [json!({}), json!({"expires": "2026-03-02T00:00:00Z"}), json!({})] {
        let body = with(nexus(&json!({"rotation": every(1, 60)})), &more);
        ids.push(made(&admin_then, &body).await.0);
    }
    assert_eq!(act(&admin_then, &ids[0], "revoke", &json!({})).await.status, 200);
    assert_eq!(admin_then.delete(&format!("/v1/keys/{}", ids[2])).await.status, 204);
    let (waiting, _) = made(&admin_then, &nexus(&json!({"rotation": every(1, 60)}))).await;
    let ops = world.person("ops").await;
    let switch = async |ops: &Caller, enabled: bool| {
        let body = json!({"enabled": enabled}).to_string();
        let path = format!("/v1/tenants/{TENANT}");
        let done = ops.send(Method::PATCH, &path, Some("application/json"), body.into()).await;
        assert_eq!(done.status, 200, "{}", done.text());
    };
    switch(&ops, false).await;
    later(&world, DAY_S);
    world.service.rotate_due_keys().await.unwrap();
    let ops = world.person("ops").await;
    let versions = async |ops: &Caller, id: &str| shown(ops, id).await["version"].clone();
    assert_eq!(
        [versions(&ops, &ids[0]).await, versions(&ops, &ids[1]).await],
        [json!(2), json!(1)]
    );
    assert_eq!(versions(&ops, &waiting).await, 1, "its tenant is out of service");
    switch(&ops, true).await;
    world.service.rotate_due_keys().await.unwrap();
    assert_eq!(versions(&ops, &waiting).await, 2, "it was due meanwhile");
    assert_eq!(
        [versions(&ops, &ids[0]).await, versions(&ops, &ids[1]).await],
        [json!(2), json!(1)]
    );
}

#[tokio::test]
async fn a_secret_shown_once_says_when_it_ends_once_it_is_due_and_ends_then() {
    let world = World::start().await;
    let (id, first) =
        made(&admin(&world).await, &api(&json!({"rotation": every(40, 2 * DAY_S)}))).await;
    later(&world, 40 * DAY_S - 1);
    world.service.rotate_due_keys().await.unwrap();
    let caller = admin(&world).await;
    let key = shown(&caller, &id).await;
    assert_eq!(key["version"], 1, "nobody would see an unasked secret");
    assert_eq!(key["secretEnds"], "2026-04-12T12:00:00.000Z");
    let told = asked(&caller, &first).await;
    assert_eq!(
        (&told["secretEnds"], &told["daysLeft"], &told["warningDay"]),
        (&Value::Null, &json!(3), &json!(7))
    );
    later(&world, 1);
    let told = asked(&caller, &first).await;
    assert_eq!(
        (&told["secretEnds"], &told["daysLeft"]),
        (&json!("2026-04-12T12:00:00.000Z"), &json!(2))
    );
    let (other, lost) = made(&caller, &api(&json!({"rotation": every(1, 60)}))).await;
    let second = rotated(&caller, &id, HOUR_S).await;
    assert_eq!(verdicts(&caller, [&first, &second]).await, ["VALID", "VALID"]);
    assert_eq!(shown(&caller, &id).await["secretEnds"], "2026-05-22T12:00:00.000Z");
    assert_eq!(asked(&caller, &second).await["secretEnds"], Value::Null);
    later(&world, DAY_S + 59);
    let caller = admin(&world).await;
    assert_eq!(verdict(&caller, &lost).await, "VALID");
    later(&world, 1);
    assert_eq!(verdict(&caller, &lost).await, "EXPIRED");
    for rotation in [json!(null), every(90, 60)] {
        let answer = patch(&caller, &other, &json!({"rotation": rotation})).await;
        assert_eq!(code(&answer), (409, "conflict".to_owned()), "the dead one would come back");
    }
    let found = rotated(&caller, &other, HOUR_S).await;
    assert_eq!(verdicts(&caller, [&lost, &found]).await, ["NOT_FOUND", "VALID"]);
    let log = caller.get(&format!("/v1/audit?subject={other}&limit=1")).await.json();
    assert_eq!(log["events"][0]["event"]["detail"]["endedSecretReplaced"], true);
}

#[tokio::test]
async fn a_rotation_by_hand_moves_the_next_one() {
    let world = World::start().await;
    let (id, _) = made(&admin(&world).await, &nexus(&json!({"rotation": every(7, 60)}))).await;
    later(&world, 5 * DAY_S);
    let caller = admin(&world).await;
    rotated(&caller, &id, 7 * DAY_S).await;
    assert_eq!(shown(&caller, &id).await["rotation"]["dueAt"], "2026-03-13T12:00:00.000Z");
    later(&world, 7 * DAY_S);
    world.service.rotate_due_keys().await.unwrap();
    let caller = admin(&world).await;
    let key = shown(&caller, &id).await;
    assert_eq!(
        (&key["version"], &key["rotation"]["dueAt"]),
        (&json!(3), &json!("2026-03-20T12:00:00.000Z"))
    );
}

#[tokio::test]
async fn of_two_nodes_one_rotates_a_key_that_is_due() {
    let world = World::start().await;
    let Some((other, _app)) = world.second_node().await else { return };
    let mut ids = Vec::new();
    {
        let caller = admin(&world).await;
        for _ in 0..8 {
            ids.push(made(&caller, &nexus(&json!({"rotation": every(1, 60)}))).await.0);
        }
    }
    later(&world, DAY_S);
    let (here, there) = tokio::join!(world.service.rotate_due_keys(), other.rotate_due_keys());
    here.unwrap();
    there.unwrap();
    let caller = admin(&world).await;
    for id in ids {
        assert_eq!(shown(&caller, &id).await["version"], 2);
    }
}
