//! Issuers outside that ended or changed after a backup.

use super::Backup;
use it::World;
use serde_json::{Value, json};

#[tokio::test]
async fn r_08_an_issuer_that_is_believed_no_more_stays_so() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut made: Vec<Value> = Vec::new();
    for name in ["kept", "gone", "off"] {
        let issuer = json!({"name": name, "issuer": format!("https://{name}.example"),
            "audiences": [name], "rolesClaim": "roles",
            "roleMap": [{"value": "bosses", "role": "admin"}]});
        let answer = admin.post("/v1/issuers", &issuer).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        made.push(answer.json());
    }
    let path = |at: usize| format!("/v1/issuers/{}", made[at]["id"].as_str().unwrap());
    let Some(backup) = Backup::of(&world) else { return };
    assert_eq!(admin.delete(&path(1)).await.status, 204);
    let change = json!({"enabled": false, "roleMap": [], "clientId": "us", "clientSecret": "word"});
    assert_eq!(admin.patch(&path(2), &change).await.status, 200);
    let (restored, merged) = backup.restored(&world).await;
    assert_eq!(merged.rules, 2);
    let admin = restored.person(r"t100\nexus").await;
    let list = admin.get("/v1/issuers").await.json();
    let told: Vec<Value> = list["issuers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| {
            json!([
                i["name"],
                i["enabled"],
                i["roleMap"].as_array().unwrap().len(),
                i["hasClientSecret"]
            ])
        })
        .collect();
    assert_eq!(told, [json!(["kept", true, 1, false]), json!(["off", false, 0, true])]);
    let report = restored.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}
