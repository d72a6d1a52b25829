//! What a tenant's settings make of its keys: their prefix, and what becomes of those that nobody
//! acknowledged.

use super::{
    super::{act, api, later, made, nexus, show, verdict},
    change,
};
use it::{
    World,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::json;

#[tokio::test]
async fn new_api_keys_begin_with_the_tenants_prefix() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (old, before) = made(&admin, &api("before")).await;
    assert_eq!(change(&admin, TENANT, &json!({"keyPrefix": "acme_"})).await.status, 200);
    let mut body = api("asks");
    body["permissions"] = json!(["keyward:keys:verify"]);
    let (id, secret) = made(&admin, &body).await;
    assert!(secret.starts_with("acme_"), "the prefix is the tenant's");
    let hint = show(&admin, &id).await["hint"].clone();
    assert!(hint.as_str().unwrap().starts_with("acme_…"), "{hint}");
    assert_eq!(verdict(&admin, &before).await, "VALID");
    let asking = world.anonymous().bearer(&secret);
    assert_eq!(verdict(&asking, &before).await, "VALID", "a Bearer key of any prefix asks");
    let rotated = act(&admin, &old, "rotate").await.json();
    assert!(rotated["secret"].as_str().unwrap().starts_with("acme_"));
    // Nobody chooses a secret that looks like it, in any tenant.
    let bob = world.person(r"t200\bob").await;
    let ges = json!({"keyType": "ges", "name": "g", "secret": "acme_aaaaaaaaaaaaaaaaaaaaaaaa"});
    assert_eq!(bob.post("/v1/keys", &ges).await.status, 400);
    assert_eq!(change(&admin, TENANT, &json!({"keyPrefix": null})).await.status, 200);
    assert!(made(&admin, &api("after")).await.1.starts_with("kw_"));
    assert_eq!(bob.post("/v1/keys", &ges).await.status, 400, "and it stays taken");
    assert_eq!(change(&bob, OTHER_TENANT, &json!({"keyPrefix": "acme_"})).await.status, 409);
    assert_eq!(change(&admin, TENANT, &json!({"keyPrefix": "acme_"})).await.status, 200);
}

#[tokio::test]
async fn unacknowledged_keys_serve_as_the_tenants_policy_says() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let ops = world.person("ops").await;
    let policy = |word: &str, minutes: Option<u32>| json!({"policy": {"unacknowledged": word, "lapseMinutes": minutes}});
    let (id, secret) = made(&admin, &api("once")).await;
    let (_, recoverable) = made(&admin, &nexus("chat")).await;
    assert_eq!(verdict(&ops, &secret).await, "VALID", "the default");
    assert_eq!(change(&admin, TENANT, &policy("inactive", None)).await.status, 200);
    assert_eq!(verdict(&ops, &secret).await, "DISABLED");
    assert_eq!(verdict(&ops, &recoverable).await, "VALID", "it can be read again");
    assert_eq!(change(&admin, TENANT, &policy("lapse", Some(10))).await.status, 200);
    later(&world, 599_999);
    assert_eq!(verdict(&ops, &secret).await, "VALID");
    later(&world, 1);
    assert_eq!(verdict(&ops, &secret).await, "DISABLED");
    let list = admin.get("/v1/keys?acknowledged=false").await.json();
    assert_eq!((list["keys"].as_array().unwrap().len(), &list["keys"][0]["id"]), (1, &json!(id)));
    assert_eq!(admin.get("/v1/keys?acknowledged=true&keyType=api").await.json()["keys"], json!([]));
    assert_eq!(admin.get("/v1/keys?acknowledged=maybe").await.status, 400);
    assert_eq!(act(&admin, &id, "acknowledge").await.status, 200);
    assert_eq!(verdict(&ops, &secret).await, "VALID", "acknowledging it brings it back");
    let list = admin.get("/v1/keys?acknowledged=true&keyType=api").await.json();
    assert_eq!(list["keys"][0]["id"], json!(id));
    let world = world.restart().await;
    let ops = world.person("ops").await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(verdict(&ops, &secret).await, "VALID");
    let (_, fresh) = made(&admin, &api("fresh")).await;
    later(&world, 660_000);
    let world = world.restart().await;
    let ops = world.person("ops").await;
    assert_eq!(verdict(&ops, &fresh).await, "DISABLED", "also after a start");
}

#[tokio::test]
async fn a_rotation_leaves_the_old_secret_serving_while_the_new_one_waits() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let inactive = json!({"policy": {"unacknowledged": "inactive", "lapseMinutes": null}});
    let (id, old) = made(&admin, &api("once")).await;
    assert_eq!(act(&admin, &id, "acknowledge").await.status, 200);
    assert_eq!(change(&admin, TENANT, &inactive).await.status, 200);
    let path = format!("/v1/keys/{id}/rotate");
    let rotated = admin.post(&path, &json!({"overlapSeconds": 3600})).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text());
    let new = rotated.json()["secret"].as_str().unwrap().to_owned();
    assert_eq!(verdict(&admin, &old).await, "VALID");
    assert_eq!(verdict(&admin, &new).await, "DISABLED");
    let (other, never) = made(&admin, &api("never stored")).await;
    assert_eq!(verdict(&admin, &never).await, "DISABLED");
    let path = format!("/v1/keys/{other}/rotate");
    let answer = admin.post(&path, &json!({"overlapSeconds": 3600})).await;
    assert_eq!(answer.status, 409, "what does not serve gets no overlap: {}", answer.text());
    assert_eq!(admin.post(&path, &json!({"overlapSeconds": 0})).await.status, 200);
}

#[tokio::test]
async fn a_tenant_takes_a_few_prefixes_from_the_others_and_no_more() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..10 {
        let answer = change(&admin, TENANT, &json!({"keyPrefix": format!("taken{n}_")})).await;
        assert_eq!(answer.status, 200, "{n}: {}", answer.text());
    }
    let answer = change(&admin, TENANT, &json!({"keyPrefix": "another_"})).await;
    assert_eq!(answer.status, 409, "{}", answer.text());
    for back in [json!("taken3_"), json!(null), json!("taken0_")] {
        let answer = change(&admin, TENANT, &json!({"keyPrefix": back})).await;
        assert_eq!(answer.status, 200, "{back}: {}", answer.text());
    }
    let ops = world.person("ops").await;
    let answer = ops.post("/v1/tenants", &json!({"name": "B", "keyPrefix": "another_"})).await;
    assert_eq!(answer.status, 201, "what was refused is free: {}", answer.text());
}

#[tokio::test]
async fn a_tenant_says_when_answers_begin_to_count_the_days_left() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let days = async |wanted: serde_json::Value| {
        let answer = change(&admin, TENANT, &json!({"policy": {"warningDays": wanted}})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["policy"].clone()
    };
    let policy = days(json!([5, 60])).await;
    assert_eq!(
        (&policy["warningDays"], &policy["unacknowledged"]),
        (&json!([60, 5]), &json!("live"))
    );
    assert_eq!(days(json!([])).await["warningDays"], json!([]), "never");
    let world = world.restart().await;
    let admin = world.person(r"t100\nexus").await;
    let shown = admin.get(&format!("/v1/tenants/{TENANT}")).await.json();
    assert_eq!(shown["policy"]["warningDays"], json!([]));
}
