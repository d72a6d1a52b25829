//! Schedules that cannot be, who may set them, and what stays as it is.

use super::*;
use it::world::TENANT;

#[tokio::test]
async fn a_schedule_that_cannot_be_is_refused_and_names_its_field() {
    let world = World::start().await;
    let admin = admin(&world).await;
    let (id, _) = made(&admin, &api(&json!({}))).await;
    for (rotation, field) in [
        (every(0, 0), "rotation.everyDays"),
        (every(3_651, 0), "rotation.everyDays"),
        (every(90, 30 * DAY_S + 1), "rotation.overlapSeconds"),
        (every(1, DAY_S), "rotation.overlapSeconds"),
        (
            json!({"everyDays": 7, "overlapSeconds": 0, "dueAt": "2026-03-08T12:00:00.000Z"}),
            "rotation.dueAt",
        ),
        (json!({"everyDays": 7, "overlapSeconds": 0, "more": 1}), "rotation.more"),
    ] {
        for answer in [
            admin.post("/v1/keys", &api(&json!({"rotation": rotation}))).await,
            patch(&admin, &id, &json!({"rotation": rotation})).await,
        ] {
            assert_eq!(answer.status, 400, "{rotation}: {}", answer.text());
            assert_eq!(answer.json()["field"], field, "{}", answer.text());
        }
    }
    assert_eq!(shown(&admin, &id).await["version"], 1);
}

#[tokio::test]
async fn types_that_do_not_rotate_have_no_schedule() {
    let world = World::start().await;
    let admin = admin(&world).await;
    let body = json!({"keyType": "deployment", "name": "d", "rotation": every(7, 0)});
    let answer = admin.post("/v1/keys", &body).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!("rotation")));
    let (id, _) = made(&admin, &json!({"keyType": "deployment", "name": "d"})).await;
    assert_eq!(patch(&admin, &id, &json!({"rotation": null})).await.status, 200, "as it is");
    assert_eq!(patch(&admin, &id, &json!({"rotation": every(7, 0)})).await.status, 409);
}

#[tokio::test]
async fn a_schedule_is_set_changed_taken_away_and_sent_back_as_it_is() {
    let world = World::start().await;
    let admin = admin(&world).await;
    let (id, _) = made(&admin, &api(&json!({}))).await;
    let key = patch(&admin, &id, &json!({"rotation": every(7, 60)})).await.json();
    assert_eq!(key["rotation"]["dueAt"], "2026-03-08T12:00:00.000Z");
    assert_eq!(key["secretEnds"], "2026-03-08T12:01:00.000Z");
    later(&world, HOUR_S);
    let same = json!({"rotation": key["rotation"], "secretEnds": key["secretEnds"]});
    assert_eq!(patch(&admin, &id, &same).await.json()["version"], 2, "nothing changed");
    let other = patch(&admin, &id, &json!({"secretEnds": null})).await;
    assert_eq!(other.status, 400);
    let key = patch(&admin, &id, &json!({"rotation": every(8, 60)})).await.json();
    assert_eq!(key["rotation"]["dueAt"], "2026-03-09T13:00:00.000Z");
    let copy = admin.act(&format!("/v1/keys/{id}/copy")).await.json();
    assert_eq!(copy["rotation"], key["rotation"], "a copy has its own, from now on");
    let key = patch(&admin, &id, &json!({"rotation": null})).await.json();
    assert_eq!((&key["rotation"], &key["secretEnds"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn no_schedule_asks_for_a_third_secret() {
    let world = World::start().await;
    let admin = admin(&world).await;
    let (id, _) = made(&admin, &nexus(&json!({}))).await;
    rotated(&admin, &id, 2 * DAY_S).await;
    let answer = patch(&admin, &id, &json!({"rotation": every(1, 60)})).await;
    assert_eq!(code(&answer), (409, "conflict".to_owned()), "the old one works for two days");
    assert_eq!(patch(&admin, &id, &json!({"rotation": every(2, 60)})).await.status, 200);
    let body = json!({"overlapSeconds": 3 * DAY_S});
    assert_eq!(act(&admin, &id, "extend-overlap", &body).await.status, 409, "due before");
    let body = json!({"overlapSeconds": 2 * DAY_S + 1, "endOverlap": true});
    assert_eq!(act(&admin, &id, "rotate", &body).await.status, 400, "due before");
}

#[tokio::test]
async fn overlaps_and_secrets_are_those_of_whoever_may_change_or_see_the_key() {
    let world = World::start().await;
    let (id, _) = made(&admin(&world).await, &nexus(&json!({}))).await;
    let secrets = format!("/v1/keys/{id}/secrets");
    let viewer = world.person(r"t100\vera").await;
    assert_eq!(viewer.get(&secrets).await.status, 200);
    let other = world.person(r"t200\bob").await;
    let nobody = world.anonymous();
    for (caller, status) in [(&viewer, 403), (&other, 404), (&nobody, 401)] {
        for (action, body) in
            [("retire-secret", json!({})), ("extend-overlap", json!({"overlapSeconds": 60}))]
        {
            assert_eq!(act(caller, &id, action, &body).await.status, status, "{action}");
        }
    }
    assert_eq!([other.get(&secrets).await.status, nobody.get(&secrets).await.status], [404, 401]);
    let ops = world.person("ops").await;
    assert_eq!(shown(&ops, &id).await["tenant"], TENANT);
    assert_eq!(ops.get(&secrets).await.status, 200);
}
