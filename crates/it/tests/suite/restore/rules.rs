use super::Backup;
use it::{World, world::TENANT};
use serde_json::json;

#[tokio::test]
async fn r_08_a_rule_that_went_or_changed_after_the_backup_stays_so() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    for name in ["kept", "gone", "moved"] {
        let mut policy = json!({"name": name, "keyTypes": ["api"], "permission": "orders:read",
            "presentedIn": ["bearer"]});
        assert_eq!(ops.post("/v1/policies", &policy).await.status, 201);
        policy["prefix"] = json!(format!("/{name}"));
        policy["upstream"] = json!("https://orders.example");
        assert_eq!(ops.post("/v1/gateway/routes", &policy).await.status, 201);
    }
    let Some(backup) = Backup::of(&world) else { return };
    for path in ["/v1/policies", "/v1/gateway/routes"] {
        assert_eq!(ops.delete(&format!("{path}/gone")).await.status, 204);
        let tightened = json!({"permission": "orders:write"});
        assert_eq!(ops.patch(&format!("{path}/moved"), &tightened).await.status, 200);
    }
    let later = json!({"name": "later", "keyTypes": ["api"], "permission": "orders:read",
        "presentedIn": ["bearer"]});
    assert_eq!(ops.post("/v1/policies", &later).await.status, 201);
    let (restored, merged) = backup.restored(&world).await;
    assert_eq!(merged.rules, 4);
    let rules = restored.service.rules();
    assert_eq!(rules.policies().keys().collect::<Vec<_>>(), ["kept", "moved"]);
    assert_eq!(rules.find_policy("moved").unwrap().wanted.permissions, ["orders:write"]);
    assert_eq!(rules.find_policy("kept").unwrap().wanted.permissions, ["orders:read"]);
    assert!(rules.find_route(None, "/gone").is_none());
    let moved = rules.find_route(None, "/moved").unwrap();
    assert_eq!(moved.policy.wanted.permissions, ["orders:write"]);
    let report = restored.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test]
async fn r_08_a_policy_for_keys_that_was_tightened_after_the_backup_stays_tight() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let path = |key_type: &str| format!("/v1/tenants/{TENANT}/key-policies/{key_type}");
    for key_type in ["api", "nexus", "psk"] {
        let policy = json!({"mostKeys": 9, "unusedDays": 90});
        assert_eq!(ops.put(&path(key_type), &policy).await.status, 201);
    }
    let Some(backup) = Backup::of(&world) else { return };
    let changed = json!({"mostKeys": 3, "longestLifeDays": 30});
    assert_eq!(ops.put(&path("api"), &changed).await.status, 200);
    assert_eq!(ops.delete(&path("nexus")).await.status, 204);
    assert_eq!(ops.put(&path("data-psk"), &json!({"mostKeys": 1})).await.status, 201);
    let (restored, merged) = backup.restored(&world).await;
    assert_eq!(merged.rules, 2);
    let ops = restored.person("ops").await;
    let shown = async |key_type: &str| {
        let policy = ops.get(&path(key_type)).await.json();
        ["mostKeys", "longestLifeDays", "unusedDays", "version"].map(|name| policy[name].clone())
    };
    assert_eq!(
        shown("api").await,
        [json!(3), json!(30), json!(90), json!(2)],
        "the stricter of each"
    );
    assert_eq!(shown("nexus").await, [json!(9), json!(null), json!(90), json!(1)]);
    assert_eq!(shown("psk").await, [json!(9), json!(null), json!(90), json!(1)]);
    assert_eq!(shown("data-psk").await, [json!(1), json!(null), json!(null), json!(1)]);
    let report = restored.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}
