//! Who may touch which persons, and what nobody may do to them.

use super::persons::{PERSONS, path_of, person};
use it::{World, world::PASSWORD};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_a_role_that_holds_more_nor_touches_who_holds_more() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let role = json!({"name": "people", "rights": ["Persons.canManage"]});
    assert_eq!(admin.post("/v1/roles", &role).await.status, 201);
    person(&admin, "paula", &["people"]).await;
    let paula = world.person(r"t100\paula").await;
    let one = person(&paula, "young", &["people"]).await;
    for roles in [json!(["viewer"]), json!(["admin"]), json!(["people", "nx1_ask"])] {
        let made = paula.post(PERSONS, &json!({"username": "x", "roles": roles})).await;
        assert_eq!(made.status, 403, "{roles}: {}", made.text());
        assert_eq!(paula.patch(&one, &json!({"roles": roles})).await.status, 403, "{roles}");
    }
    let above = path_of(&admin, "nexus").await;
    let before = admin.get(&above).await.text();
    let off = json!({"enabled": false});
    assert_eq!(paula.patch(&above, &off).await.status, 403);
    assert_eq!(paula.patch(&above, &json!({"roles": []})).await.status, 403);
    assert_eq!(paula.delete(&above).await.status, 403);
    assert_eq!(paula.act(&format!("{above}/set-password")).await.status, 403);
    assert_eq!(paula.act(&format!("{above}/unlock")).await.status, 403);
    assert_eq!(admin.get(&above).await.text(), before);
    let own = path_of(&admin, "paula").await;
    let refused = paula.patch(&own, &off).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(paula.delete(&own).await.status, 409);
    assert_eq!(paula.patch(&one, &off).await.status, 200);
    assert_eq!(paula.delete(&one).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_01_persons_of_others_are_not_there() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let ops = world.person("ops").await;
    let (cluster, vera) = (path_of(&ops, "ops").await, path_of(&admin, "vera").await);
    let bob = world.person(r"t200\bob").await;
    let none = format!("{PERSONS}/00000000-0000-4000-8000-000000000000");
    for (caller, path) in [(&admin, &cluster), (&bob, &vera), (&bob, &none)] {
        for (path, body) in [
            (path.clone(), None),
            (path.clone(), Some(json!({"enabled": false}))),
            (format!("{path}/set-password"), Some(Value::Null)),
            (format!("{path}/unlock"), Some(Value::Null)),
        ] {
            let answer = match &body {
                None => caller.get(&path).await,
                Some(Value::Null) => caller.act(&path).await,
                Some(change) => caller.patch(&path, change).await,
            };
            assert_eq!(answer.status, 404, "{path} {body:?}: {}", answer.text());
        }
        assert_eq!(caller.delete(path).await.status, 404);
    }
    for nobody in [world.person(r"t100\vera").await, world.client("service-a").await] {
        assert_eq!(nobody.get(PERSONS).await.status, 403);
        assert_eq!(nobody.get(&vera).await.status, 403);
        assert_eq!(nobody.post(PERSONS, &json!({"username": "x"})).await.status, 403);
        assert_eq!(nobody.delete(&vera).await.status, 403);
    }
    assert_eq!(world.anonymous().get(&vera).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cluster_keeps_somebody_who_can_manage_it() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let first = path_of(&ops, "ops").await;
    let second = person(&ops, "second", &["ops"]).await;
    let other = world.person("second").await;
    for change in [json!({"enabled": false}), json!({"roles": []}), json!({"roles": ["viewer"]})] {
        // With two of them one may go, and comes back.
        assert_eq!(other.patch(&first, &change).await.status, 200, "{change}");
        let back = json!({"enabled": true, "roles": ["ops"]});
        assert_eq!(other.patch(&first, &back).await.status, 200);
    }
    let ops = world.person("ops").await;
    assert_eq!(ops.patch(&second, &json!({"enabled": false})).await.status, 200);
    let helper = json!({"username": "helper", "roles": ["admin"], "password": PASSWORD});
    assert_eq!(ops.post(PERSONS, &helper).await.status, 201);
    let helper = world.person("helper").await;
    let helpers = path_of(&ops, "helper").await;
    assert_eq!(ops.patch(&helpers, &json!({"roles": ["viewer"]})).await.status, 200);
    let stripped = ops.patch(&first, &json!({"roles": ["viewer"]})).await;
    assert_eq!(stripped.status, 409, "{}", stripped.text());
    assert!(stripped.json()["detail"].as_str().unwrap().contains("Persons.canManage"));
    // Nor by somebody else: the helper gets its rights back and tries to end the last two.
    assert_eq!(ops.patch(&helpers, &json!({"roles": ["ops"]})).await.status, 200);
    assert_eq!(helper.delete(&first).await.status, 204);
    assert_eq!(helper.delete(&second).await.status, 204);
    assert_eq!(helper.patch(&helpers, &json!({"roles": []})).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_has_passed_changes_nobody() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let one = person(&admin, "ada", &[]).await;
    let stale = admin.clone().with_header("if-match", "\"1\"");
    assert_eq!(stale.patch(&one, &json!({"roles": ["viewer"]})).await.status, 200);
    assert_eq!(stale.patch(&one, &json!({"roles": []})).await.status, 412);
    assert_eq!(stale.act(&format!("{one}/set-password")).await.status, 412);
    assert_eq!(stale.delete(&one).await.status, 412);
    let shown = admin.get(&one).await.json();
    assert_eq!((&shown["version"], &shown["roles"]), (&json!(2), &json!(["viewer"])));
    let same = admin.patch(&one, &shown).await;
    assert_eq!(same.json(), shown, "nothing changed, so the version stays");
}
