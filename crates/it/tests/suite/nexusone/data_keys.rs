//! `/api/dataproduct/…/psk`.

use super::{events, person, secret_of, verdict};
use crate::auth_v3::later;
use it::{Caller, World};
use serde_json::{Value, json};

const LIST: &str = "/api/dataproduct/psk";
const DAY_MS: u32 = 86_400_000;

fn of_product(product: &str) -> String {
    format!("/api/dataproduct/{product}/psk")
}

async fn made(caller: &Caller, product: &str, days: u32) -> String {
    let body = json!({"description": "report", "validity_days": days});
    secret_of(&caller.post(&of_product(product), &body).await)
}

async fn listed(caller: &Caller, query: &str) -> Vec<Value> {
    let answer = caller.get(&format!("{LIST}{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json().as_array().unwrap().clone()
}

#[tokio::test]
async fn a_key_of_a_data_product_is_made_listed_extended_and_deleted() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let body = json!({"description": "report", "validity_days": 2, "x": 1});
    let answer = admin.post(&of_product("sales%20by%2Fregion"), &body).await;
    assert_eq!(answer.members(), ["psk", "description", "valid_until"]);
    let secret = secret_of(&answer);
    assert!(secret.starts_with("psk_"), "its form");
    assert_eq!(answer.json()["valid_until"], "2026-03-03T12:00:00.000Z");
    assert_eq!(verdict(&verifier(&world).await, &secret, Some("nx1:data")).await, "VALID");
    assert_eq!(
        verdict(&verifier(&world).await, &secret, Some("nx1:ask")).await,
        "INSUFFICIENT_PERMISSIONS"
    );

    let list = listed(&admin, "").await;
    let id = list[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        list,
        [json!({"view_id": "sales by/region", "id": id, "description": "report",
            "created_at": "2026-03-01T12:00:00.000Z", "valid_until": "2026-03-03T12:00:00.000Z",
            "is_deleted": false, "deleted_at": null})]
    );
    let extend = format!("{LIST}/{id}/extend");
    let extended = admin.post(&extend, &json!({"validity_days": 3})).await;
    assert_eq!(
        extended.text(),
        r#"{"psk":null,"description":"report","valid_until":"2026-03-06T12:00:00.000Z"}"#,
        "counted from its end"
    );
    for _ in 0..5 {
        later(&world, DAY_MS);
    }
    assert_eq!(verdict(&verifier(&world).await, &secret, None).await, "EXPIRED");
    let admin = world.person(r"t100\nexus").await;
    let revived = admin.post(&extend, &json!({"validity_days": 1})).await;
    assert_eq!(revived.json()["valid_until"], "2026-03-07T12:00:00.000Z", "counted from now");
    let event = events(&admin, "key.update").await.remove(0);
    assert_eq!(event["detail"]["expiredKeyExtended"], true);
    assert_eq!(verdict(&verifier(&world).await, &secret, None).await, "VALID");

    let gone = admin.delete(&format!("{LIST}/{id}")).await;
    assert_eq!((gone.status.as_u16(), gone.text().as_str()), (204, ""));
    assert_eq!(verdict(&verifier(&world).await, &secret, None).await, "NOT_FOUND");
    assert_eq!(listed(&admin, "").await, Vec::<Value>::new());
    assert_eq!(listed(&admin, "?include_deleted=false").await, Vec::<Value>::new());
    let deleted = listed(&admin, "?include_deleted=True").await.remove(0);
    assert_eq!(deleted["is_deleted"], true);
    assert_eq!(deleted["deleted_at"], "2026-03-06T12:00:00.000Z");
    let missing = admin.delete(&format!("{LIST}/{id}")).await;
    assert_eq!(
        (missing.status.as_u16(), missing.text().as_str()),
        (404, r#"{"detail":"PSK not found"}"#)
    );
    assert_eq!(admin.post(&extend, &json!({"validity_days": 1})).await.status, 404);
}

async fn verifier(world: &World) -> Caller {
    world.client("cluster-verifier").await
}

#[tokio::test]
async fn whoever_lacks_the_right_or_belongs_elsewhere_gets_nothing() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, "sales", 30).await;
    let id = listed(&admin, "").await[0]["id"].as_str().unwrap().to_owned();
    let (ada, _) = person(&world, "ada", &["nx1_ask"]).await;
    let body = json!({"description": null, "validity_days": 1});
    let (bob, vera) = (world.person(r"t200\bob").await, world.person(r"t100\vera").await);
    let presented = world.anonymous().with_header("authorization-psk", &secret);
    let cluster = world.person("ops").await;
    for (caller, [create, list, extend, delete]) in [
        (&ada, [403, 403, 403, 403]),
        (&vera, [403, 200, 403, 403]),
        (&bob, [200, 200, 404, 404]),
        (&cluster, [403, 403, 403, 403]),
        (&presented, [401, 401, 401, 401]),
    ] {
        assert_eq!(caller.post(&of_product("sales"), &body).await.status, create);
        assert_eq!(caller.get(LIST).await.status, list);
        let extended =
            caller.post(&format!("{LIST}/{id}/extend"), &json!({"validity_days": 1})).await;
        assert_eq!(extended.status, extend, "{}", extended.text());
        assert_eq!(caller.delete(&format!("{LIST}/{id}")).await.status, delete);
    }
    let seen = listed(&bob, "?include_deleted=true").await;
    assert!(seen.len() == 1 && seen[0]["id"] != id.as_str(), "his own alone");
    assert_eq!(verdict(&verifier(&world).await, &secret, None).await, "VALID");
    // A key of another type has no such name here.
    let api = json!({"keyType": "api", "name": "k", "permissions": ["a:b"]});
    let api = admin.post("/v1/keys", &api).await.json();
    let uuid = domain::id::KeyId::parse(api["id"].as_str().unwrap()).unwrap();
    let uuid = uuid::Uuid::from_bytes(*uuid.as_bytes());
    assert_eq!(admin.delete(&format!("{LIST}/{uuid}")).await.status, 404);
}

#[tokio::test]
async fn bad_input_is_said_as_the_framework_says_it() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let days = json!(["body", "validity_days"]);
    for (body, kind) in [
        (json!({}), "missing"),
        (json!({"validity_days": 0}), "greater_than_equal"),
        (json!({"validity_days": -1}), "greater_than_equal"),
        (json!({"validity_days": 36_501}), "less_than_equal"),
        (json!({"validity_days": "30"}), "int_type"),
        (json!({"validity_days": null}), "int_type"),
    ] {
        let id = "07070707-0707-0707-0707-070707070707";
        for path in [of_product("sales"), format!("{LIST}/{id}/extend")] {
            let answer = admin.post(&path, &body).await;
            assert_eq!(answer.status, 422, "{body} {}", answer.text());
            let detail = &answer.json()["detail"][0];
            assert_eq!((&detail["type"], &detail["loc"]), (&json!(kind), &days), "{body}");
        }
    }
    let no_id = admin.delete(&format!("{LIST}/key_0000000000000000000000")).await;
    assert_eq!((no_id.status.as_u16(), &no_id.json()["detail"][0]["loc"]), (422, &json!(["path"])));
    let no_bool = admin.get(&format!("{LIST}?include_deleted=maybe")).await;
    assert_eq!(no_bool.json()["detail"][0]["type"], "bool_parsing");
    let control = admin.post(&of_product("a%07b"), &json!({"validity_days": 1})).await;
    assert_eq!(control.json()["detail"][0]["loc"], json!(["path", "dataproduct_id"]));
    assert_eq!(listed(&admin, "?include_deleted=1").await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_product_never_changes_and_a_copy_is_for_the_same() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    made(&admin, "sales_1", 30).await;
    let found = admin.get("/v1/keys?keyType=data-psk").await.json();
    let path = format!("/v1/keys/{}", found["keys"][0]["id"].as_str().unwrap());
    assert_eq!(found["keys"][0]["permissions"], json!(["nx1:data"]));
    for (change, status) in [
        (json!({"name": "costs"}), 409),
        (json!({"permissions": ["nx1:ask"]}), 400),
        (json!({"enabled": false}), 409),
    ] {
        let answer = admin.patch(&path, &change).await;
        assert_eq!(answer.status, status, "{change} {}", answer.text());
    }
    let never = admin.patch(&path, &json!({"expires": null, "description": "d"})).await;
    assert_eq!(never.status, 200, "{}", never.text());
    let copy = admin.post(&format!("{path}/copy"), &json!({})).await;
    assert_eq!(
        (copy.status.as_u16(), &copy.json()["name"]),
        (201, &json!("sales_1")),
        "{}",
        copy.text()
    );
    let endless =
        listed(&admin, "").await.into_iter().find(|k| k["valid_until"].is_null()).unwrap();
    let extend = format!("{LIST}/{}/extend", endless["id"].as_str().unwrap());
    assert_eq!(admin.post(&extend, &json!({"validity_days": 1})).await.status, 409);
}

#[tokio::test]
async fn a_list_is_whole_or_comes_in_pages() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..5 {
        made(&admin, &format!("product-{n}"), 30).await;
        world.clock.advance_millis(1);
    }
    let whole = listed(&admin, "").await;
    let names: Vec<_> = whole.iter().map(|k| k["view_id"].as_str().unwrap()).collect();
    assert_eq!(names, ["product-4", "product-3", "product-2", "product-1", "product-0"]);
    let (mut pages, mut next) = (Vec::new(), format!("{LIST}?limit=2"));
    loop {
        let page = admin.get(&next).await;
        pages.extend(page.json().as_array().unwrap().clone());
        let Some((_, rest)) = page.header("link").split_once(LIST) else { break };
        next = format!("{LIST}{}", rest.split_once('>').unwrap().0);
    }
    assert_eq!(pages, whole);
    let other = format!("{LIST}?include_deleted=true&cursor={}", next.rsplit('=').next().unwrap());
    assert_eq!(admin.get(&other).await.status, 422, "a cursor of another list");
}
