//! Policies for keys: who sets them, what they say, and that keys are held against them.

mod lives;
mod numbers;
mod unused;

use super::{act, api, later, made, newest, nexus, patch, show, verdict};
use it::{
    Answer, Caller, World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};

const DAY_MS: u32 = 86_400_000;

fn path(tenant: &str, key_type: &str) -> String {
    format!("/v1/tenants/{tenant}/key-policies/{key_type}")
}

async fn set(caller: &Caller, key_type: &str, policy: &Value) -> Value {
    let answer = caller.put(&path(TENANT, key_type), policy).await;
    assert!([200, 201].contains(&answer.status.as_u16()), "{}", answer.text());
    answer.json()
}

/// The types of a list, and where it goes on.
fn listed(answer: &Answer) -> (Vec<String>, Option<String>) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let list = answer.json();
    let policies = list["keyPolicies"].as_array().unwrap().iter();
    let types = policies.map(|policy| policy["keyType"].as_str().unwrap().to_owned()).collect();
    (types, list["nextCursor"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn a_policy_is_what_it_was_set_to_and_replaced_whole() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let wanted = json!({"defaultLifeDays": 90, "longestLifeDays": 365, "descriptionRequired": true,
        "mostKeys": 200, "mostKeysPerPerson": 20, "mostNewPerMinute": 10, "unusedDays": 90});
    let made = admin.put(&path(TENANT, "api"), &wanted).await;
    let mut expected = wanted.clone();
    expected["tenant"] = json!(TENANT);
    expected["keyType"] = json!("api");
    expected["created"] = json!("2026-03-01T12:00:00.000Z");
    expected["version"] = json!(1);
    assert_eq!((made.status.as_u16(), made.header("etag")), (201, "\"1\""), "{}", made.text());
    assert_eq!(made.json(), expected);
    let event = newest(&admin, "key_policy.set").await;
    assert_eq!(event["subject"], json!({"kind": "key_policy", "id": format!("{TENANT}/api")}));
    let shown = admin.get(&path(TENANT, "api")).await;
    assert_eq!((shown.json(), shown.header("etag")), (expected.clone(), "\"1\""));
    later(&world, 1_000);
    let same = admin.put(&path(TENANT, "api"), &expected).await;
    assert_eq!((same.status.as_u16(), same.json()), (200, expected.clone()), "as it is shown");
    let stale = admin.clone().with_header("if-match", "\"2\"");
    assert_eq!(stale.put(&path(TENANT, "api"), &json!({})).await.status, 412);
    assert_eq!(stale.put(&path(TENANT, "nexus"), &json!({})).await.status, 412, "there is none");
    let current = admin.clone().with_header("if-match", "\"1\"");
    let after = current.put(&path(TENANT, "api"), &json!({"mostKeys": 3})).await;
    assert_eq!((after.status.as_u16(), after.header("etag")), (200, "\"2\""), "{}", after.text());
    assert_eq!(
        after.json(),
        json!({"tenant": TENANT, "keyType": "api", "defaultLifeDays": null, "longestLifeDays": null,
            "descriptionRequired": false, "mostKeys": 3, "mostKeysPerPerson": null,
            "mostNewPerMinute": null, "unusedDays": null, "created": "2026-03-01T12:00:00.000Z",
            "version": 2})
    );
    set(&admin, "*", &json!({"unusedDays": 400})).await;
    set(&admin, "%2A", &json!({"unusedDays": 500})).await;
    set(&admin, "psk", &json!({})).await;
    let all = format!("/v1/tenants/{TENANT}/key-policies");
    let (types, next) = listed(&admin.get(&format!("{all}?limit=2")).await);
    assert_eq!(types, ["*", "api"]);
    let rest = admin.get(&format!("{all}?limit=2&cursor={}", next.unwrap())).await;
    assert_eq!(listed(&rest), (vec!["psk".to_owned()], None));
    assert_eq!(stale.delete(&path(TENANT, "psk")).await.status, 412);
    assert_eq!(admin.delete(&path(TENANT, "psk")).await.status, 204);
    assert_eq!(admin.delete(&path(TENANT, "psk")).await.status, 404);
    assert_eq!(admin.get(&path(TENANT, "psk")).await.status, 404);
    let gone = newest(&admin, "key_policy.delete").await;
    assert_eq!(gone["subject"]["id"], format!("{TENANT}/psk"));
    let report = world.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let world = world.restart().await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.get(&path(TENANT, "api")).await.json()["mostKeys"], 3, "after a start, too");
}

#[tokio::test]
async fn a_policy_that_cannot_be_is_refused_by_the_name_of_what_is_wrong() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for (key_type, policy, field) in [
        ("api", json!({"defaultLifeDays": 0}), "defaultLifeDays"),
        ("api", json!({"longestLifeDays": 36_501}), "longestLifeDays"),
        ("api", json!({"mostKeys": 1_000_001}), "mostKeys"),
        ("api", json!({"mostKeysPerPerson": 0}), "mostKeysPerPerson"),
        ("api", json!({"mostNewPerMinute": 0}), "mostNewPerMinute"),
        ("*", json!({"unusedDays": 0}), "unusedDays"),
        ("*", json!({"defaultLifeDays": 91, "longestLifeDays": 90}), "defaultLifeDays"),
        ("psk", json!({"defaultLifeDays": 90}), "defaultLifeDays"),
        ("telephony", json!({"longestLifeDays": 90}), "longestLifeDays"),
        ("nexus", json!({"descriptionRequired": true}), "descriptionRequired"),
        ("nothing", json!({"mostKeys": 1}), "keyType"),
        ("api", json!({"most": 1}), "most"),
        ("api", json!({"mostKeys": "1"}), "mostKeys"),
        ("api", json!({"keyType": "nexus"}), "keyType"),
        ("api", json!({"version": 2}), "version"),
    ] {
        let answer = admin.put(&path(TENANT, key_type), &policy).await;
        assert_eq!(answer.status, 400, "{key_type} {policy}: {}", answer.text());
        assert_eq!(answer.json()["field"], field, "{key_type} {policy}: {}", answer.text());
        assert_eq!(admin.get(&path(TENANT, key_type)).await.status, 404, "nothing was set");
    }
}

#[tokio::test]
async fn ti_01_policies_are_set_by_their_tenants_administrator_and_by_the_cluster_alone() {
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    let ops = world.person("ops").await;
    set(&admin, "api", &json!({"mostKeys": 3})).await;
    let list = format!("/v1/tenants/{TENANT}/key-policies");
    let ask = async |caller: &Caller, tenant: &str| {
        let list = format!("/v1/tenants/{tenant}/key-policies");
        let one = path(tenant, "api");
        [
            caller.get(&list).await.status.as_u16(),
            caller.get(&one).await.status.as_u16(),
            caller.put(&one, &json!({"mostKeys": 1})).await.status.as_u16(),
            caller.delete(&one).await.status.as_u16(),
        ]
    };
    assert_eq!(ask(&bob, TENANT).await, [404; 4], "another tenant's");
    for tenant in ["*", NO_TENANT, "nonsense"] {
        assert_eq!(ask(&admin, tenant).await, [404; 4], "{tenant}");
    }
    assert_eq!(ask(&ops, NO_TENANT).await, [404; 4]);
    for who in [r"t100\vera", r"t100\nora"] {
        assert_eq!(ask(&world.person(who).await, TENANT).await, [403; 4], "{who}");
    }
    assert_eq!(ask(&world.anonymous(), TENANT).await, [401; 4]);
    assert_eq!(listed(&admin.get(&list).await).0, ["api"], "nobody changed it");
    // The cluster sets them for tenants, and for its own keys.
    assert_eq!(ask(&ops, TENANT).await, [200, 200, 200, 204]);
    assert_eq!(ask(&ops, OTHER_TENANT).await, [200, 404, 201, 204]);
    assert_eq!(ask(&ops, "*").await, [200, 404, 201, 204]);
    let body = json!({"keyType": "nexus", "name": "everywhere", "tenant": "*",
        "permissions": ["nexus:cluster:chat"]});
    assert_eq!(ops.put(&path("*", "nexus"), &json!({"mostKeys": 1})).await.status, 201);
    assert_eq!(ops.post("/v1/keys", &body).await.status, 201);
    assert_eq!(ops.post("/v1/keys", &body).await.status, 409);
    made(&admin, &nexus("a tenant's")).await;
}
