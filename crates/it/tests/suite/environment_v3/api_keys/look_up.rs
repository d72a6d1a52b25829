use super::{ANOTHER, BY_KEY, KEY, assigned, encoded, keys, named, revoked};
use it::{
    Answer, Caller, World,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::json;

/// Both forms of the call; they must agree.
async fn looked_up(caller: &Caller, key: &str) -> Answer {
    let by_path = caller.get(&format!("{BY_KEY}/{}", encoded(key))).await;
    let by_body = caller.post(BY_KEY, &named(key)).await;
    assert_eq!((by_path.status, by_path.text()), (by_body.status, by_body.text()));
    by_path
}

#[tokio::test]
async fn the_answer_is_the_contact_center() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let id = assigned(&admin, TENANT, KEY).await;
    for named in [KEY, &id] {
        let answer = looked_up(&admin, named).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.members(), ["status", "data"]);
        let data = answer.json()["data"].clone();
        let members: Vec<&String> = data.as_object().unwrap().keys().collect();
        assert_eq!(members, ["id", "environmentId", "domains", "auth"]);
        assert_eq!((&data["id"], &data["domains"]), (&json!(TENANT), &json!(["t100"])));
        assert_eq!(data["environmentId"], "5f2c1e0a-6a0b-4c57-9d0e-0d6f3f1f9b11");
        assert!(!answer.text().contains(KEY));
    }
}

#[tokio::test]
async fn a_key_in_an_address_is_percent_decoded_exactly_once() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let odd = "a/b?c#d%e&f=g+h~i\"j'k";
    let twice = "sixteen%2Fletters";
    for key in [odd, twice] {
        assigned(&admin, TENANT, key).await;
        assert_eq!(looked_up(&admin, key).await.status, 200, "{key}");
    }
    assert_eq!(admin.get(&format!("{BY_KEY}/sixteen%252Fletters")).await.status, 200);
    assert_eq!(admin.get(&format!("{BY_KEY}/sixteen%2Fletters")).await.status, 404);
    assert_eq!(admin.get(&format!("{BY_KEY}/sixteen/letters")).await.status, 404);
    assert_eq!(admin.get(&format!("{BY_KEY}/%FF%FE")).await.status, 400);
    assert_eq!(admin.get(&format!("{BY_KEY}/{}", encoded(&encoded(KEY)))).await.status, 404);
}

#[tokio::test]
async fn en_03_what_is_foreign_of_another_kind_revoked_or_nowhere_is_one_answer() {
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    let foreign_id = assigned(&admin, TENANT, KEY).await;
    let revoked_id = assigned(&bob, OTHER_TENANT, ANOTHER).await;
    revoked(&world, &bob, ANOTHER).await;
    let chat = json!({"tenant": OTHER_TENANT, "name": "n", "permissions": ["nexus:consumer:chat"]});
    let nexus = bob.post("/nexus/v3/apikeys", &chat).await.json()["id"].clone();
    let nowhere = looked_up(&bob, "0a3dd3c9-6f7e-4b51-8cf0-3ad2f6b1a900").await;
    assert_eq!((nowhere.status.as_u16(), &nowhere.json()["status"]["code"]), (404, &json!(6)));
    for named in [KEY, &foreign_id, ANOTHER, &revoked_id, nexus.as_str().unwrap(), "x", "key_x"] {
        let answer = looked_up(&bob, named).await;
        assert_eq!((answer.status, answer.text()), (nowhere.status, nowhere.text()), "{named}");
    }
    let ops = looked_up(&world.person("ops").await, KEY).await;
    assert_eq!(ops.json()["data"]["id"], TENANT, "the cluster reaches every contact center");
}

#[tokio::test]
async fn whoever_may_not_see_keys_looks_nothing_up() {
    let world = World::start().await;
    assigned(&world.person(r"t100\nexus").await, TENANT, KEY).await;
    assert_eq!(looked_up(&world.person(r"t100\vera").await, KEY).await.status, 200);
    for (caller, status) in [(world.client("powerless").await, 403), (world.anonymous(), 401)] {
        assert_eq!(looked_up(&caller, KEY).await.status, status);
    }
}

#[tokio::test]
async fn cw_05_whoever_looks_up_too_many_secrets_waits() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let id = assigned(&admin, TENANT, KEY).await;
    for n in 0..600 {
        let guess = format!("b0e7a9d4-0d0b-4a53-9a3f-{n:012}");
        assert_eq!(admin.post(BY_KEY, &named(&guess)).await.status, 404);
    }
    assert_eq!(admin.post(BY_KEY, &named(KEY)).await.status, 429, "not even a right one is told");
    assert_eq!(admin.post(BY_KEY, &named(&id)).await.status, 200, "an id is no guess");
    assert_eq!(admin.get(&keys()).await.status, 200);
}
