//! How many keys there may be, and how fast they may be made.

use super::{DAY_MS, act, api, later, made, nexus, patch, path, set};
use http::Method;
use it::{Answer, Caller, World, world::TENANT};
use serde_json::{Value, json};

fn is_full(answer: &Answer) {
    assert_eq!(answer.status, 409, "{}", answer.text());
    assert_eq!(answer.json()["code"], "too_many_keys");
}

async fn count(caller: &Caller, key_type: &str) -> usize {
    let list = format!("/v1/keys?keyType={key_type}&availability=available");
    caller.get(&list).await.json()["keys"].as_array().unwrap().len()
}

fn ending(name: &str, seconds: i64) -> Value {
    let mut body = api(name);
    body["expires"] = json!(it::world::START.plus_seconds(seconds).to_string());
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ap_06_of_a_hundred_who_make_keys_at_once_exactly_as_many_pass_as_there_is_room_for() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let copied = made(&admin, &api("copied")).await.0;
    set(&admin, "*", &json!({"mostKeys": 8})).await;
    let creates: Vec<_> = (0..100)
        .map(|n| {
            let (admin, copied) = (admin.clone(), copied.clone());
            tokio::spawn(async move {
                loop {
                    let answer = match n % 3 {
                        0 => act(&admin, &copied, "copy").await,
                        _ => admin.post("/v1/keys", &api(&format!("key {n}"))).await,
                    };
                    // A full queue sheds load and says when to come back; nothing was made then.
                    if answer.status == 503 {
                        tokio::task::yield_now().await;
                        continue;
                    }
                    if answer.status != 201 {
                        is_full(&answer);
                    }
                    return usize::from(answer.status == 201);
                }
            })
        })
        .collect();
    let mut passed = 0;
    for create in creates {
        passed += create.await.expect("an answer");
    }
    assert_eq!(passed, 7, "beside the one that was there");
    assert_eq!(count(&admin, "api").await, 8);
    made(&admin, &nexus("another type has a number of its own")).await;
    let report = world.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test]
async fn ap_06_no_way_leads_past_the_number() {
    let world = World::start().await;
    let (admin, ops) = (world.person(r"t100\nexus").await, world.person("ops").await);
    let (expired, _) = made(&admin, &ending("expires", 10)).await;
    let (revoked, _) = made(&admin, &api("revoked")).await;
    let (deleted, _) = made(&admin, &api("deleted")).await;
    set(&admin, "api", &json!({"mostKeys": 3})).await;
    set(&admin, "nexus", &json!({"mostKeys": 1})).await;
    is_full(&admin.post("/v1/keys", &api("a fourth")).await);
    assert_eq!(act(&admin, &revoked, "revoke").await.status, 200);
    made(&admin, &api("in its place")).await;
    is_full(&act(&admin, &deleted, "copy").await);
    later(&world, 10_000);
    let (last, _) = made(&admin, &api("in place of the expired one")).await;
    // Nor does more time for one that does not count any more.
    let more = json!({"expires": it::world::START.plus_seconds(1_000).to_string()});
    is_full(&patch(&admin, &expired, &more).await);
    is_full(&patch(&admin, &expired, &json!({"expires": null})).await);
    assert_eq!(patch(&admin, &expired, &json!({"name": "renamed"})).await.status, 200);
    assert_eq!(admin.delete(&format!("/v1/keys/{deleted}")).await.status, 204);
    assert_eq!(patch(&admin, &expired, &more).await.status, 200, "there is room again");
    is_full(&admin.post("/v1/keys", &api("and gone")).await);
    // Enabling and renewing add nothing.
    for action in ["disable", "enable", "rotate"] {
        assert_eq!(act(&admin, &last, action).await.status, 200, "{action}");
    }
    let body = json!({"tenant": TENANT, "name": "chat", "permissions": ["nexus:consumer:chat"]});
    assert_eq!(admin.post("/nexus/v3/apikeys", &body).await.status, 200);
    let refused = admin.post("/nexus/v3/apikeys", &body).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["status"]["message"]),
        (409, &json!("Too many keys"))
    );
    // What exists elsewhere needs a place, too.
    assert_eq!(set(&admin, "nexus", &json!({"mostKeys": 3})).await["version"], 2);
    let items: String = (0..4)
        .map(|n| {
            let secret = format!("3e3ef06e-2d41-4d1c-9d9f-0f8e0f8f8f7{n}");
            let item = json!({"keyType": "nexus", "tenant": TENANT, "name": format!("imported {n}"),
                "secret": secret, "permissions": ["nexus:consumer:chat"]});
            format!("{item}\n")
        })
        .collect();
    let import = async |query: &str| -> Vec<String> {
        let path = format!("/v1/keys/import{query}");
        let sent =
            ops.send(Method::POST, &path, Some("application/x-ndjson"), items.clone().into());
        let answer = sent.await.text();
        let lines = answer.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter_map(|line| line["status"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(
        import("?dryRun=true").await,
        ["would-create", "would-create", "refused", "refused"]
    );
    for again in ["created", "exists"] {
        assert_eq!(import("").await, [again, again, "refused", "refused"]);
    }
}

#[tokio::test]
async fn ap_06_one_person_takes_no_more_than_its_share() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let ops = world.person("ops").await;
    let client = world.client("service-a").await;
    set(&admin, "*", &json!({"mostKeysPerPerson": 2})).await;
    let of_tenant = |name: &str| {
        let mut body = nexus(name);
        body["tenant"] = json!(TENANT);
        body
    };
    for caller in [&admin, &ops, &client] {
        made(caller, &of_tenant("first")).await;
        made(caller, &of_tenant("second")).await;
        is_full(&caller.post("/v1/keys", &of_tenant("third")).await);
    }
    assert_eq!(count(&admin, "nexus").await, 6);
    made(&admin, &api("another type")).await;
}

#[tokio::test]
async fn ap_06_keys_are_made_no_faster_than_the_policy_lets_them() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    set(&admin, "api", &json!({"mostNewPerMinute": 2})).await;
    let (first, _) = made(&admin, &api("first")).await;
    later(&world, 20_000);
    made(&admin, &api("second")).await;
    // What was deleted was made all the same.
    assert_eq!(admin.delete(&format!("/v1/keys/{first}")).await.status, 204);
    later(&world, 500);
    let refused = admin.post("/v1/keys", &api("third")).await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "40"));
    let problem = refused.json();
    assert_eq!(problem["violated-policies"], json!(["keyPolicy"]));
    let detail = problem["detail"].as_str().unwrap_or_default();
    assert!(detail.starts_with("at most 2 keys of this type"), "{detail}");
    let nexus_wire = json!({"tenant": TENANT, "name": "c", "permissions": ["nexus:consumer:chat"]});
    assert_eq!(admin.post("/nexus/v3/apikeys", &nexus_wire).await.status, 200, "another type");
    later(&world, 39_499);
    assert_eq!(admin.post("/v1/keys", &api("third")).await.header("retry-after"), "1");
    later(&world, 1);
    made(&admin, &api("third")).await;
    let refused = admin.post("/v1/keys", &api("fourth")).await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "20"));
    assert_eq!(admin.delete(&path(TENANT, "api")).await.status, 204);
    made(&admin, &api("fourth")).await;
    later(&world, DAY_MS);
}
