use super::made;
use it::World;
use serde_json::json;
use service::audit::KnownHead;

#[tokio::test]
async fn au_02_an_untouched_log_is_whole() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, "one").await;
    admin.put(&format!("/nexus/v3/apikeys/{secret}"), &json!({"enabled": false})).await;
    world.service.sign_heads().await.unwrap();
    let check = world.service.verify_audit(&[]).await.unwrap();
    assert_eq!(check.findings, Vec::<String>::new());
    assert!(check.events > 5 && check.chains >= 3 && check.signed_heads >= 3, "{check:?}");
}

#[tokio::test]
async fn au_02_a_head_kept_elsewhere_finds_a_shorter_or_rewritten_chain() {
    let world = World::start().await;
    made(&world.person(r"t100\nexus").await, "one").await;
    let link = "00".repeat(32);
    let far = format!("keyward-head/1 * 9999 {link} 2026-03-01T12:00:00.000Z");
    let other = format!("keyward-head/1 * 1 {link} 2026-03-01T12:00:00.000Z");
    for (line, word) in [(far, "cut off"), (other, "rewritten")] {
        let known = [KnownHead::parse(&line).unwrap()];
        let findings = world.service.verify_audit(&known).await.unwrap().findings;
        assert!(findings.len() == 1 && findings[0].contains(word), "{findings:?}");
    }
    let forged = format!("keyward-head/1 * 1 {link} 2026-03-01T12:00:00.000Z {}", "ab".repeat(64));
    let findings =
        world.service.verify_audit(&[KnownHead::parse(&forged).unwrap()]).await.unwrap().findings;
    assert!(findings[0].contains("signature"), "{findings:?}");
}

#[tokio::test]
async fn the_demo_fills_a_new_database_once_and_its_log_is_whole() {
    let world = World::start().await;
    let shown = world.service.fill_demo().await.unwrap();
    assert_eq!(shown.len(), 3);
    assert!(world.service.fill_demo().await.is_err());
    let ops = world.person("ops").await;
    let keys = ops.get("/nexus/v3/apikeys").await.json();
    assert_eq!(keys.as_array().map(Vec::len), Some(14));
    // Every place that a key can stand in, and a month of calls.
    let overview = ops.get("/v1/overview?by=day").await.json();
    for state in ["expired", "revoked", "disabled", "held", "soonUnavailable", "unacknowledged"] {
        assert!(overview["keys"][state].as_u64() > Some(0), "{state}: {overview}");
    }
    assert!(overview["usage"].as_array().map(Vec::len) >= Some(29), "{overview}");
    assert!(world.service.verify_audit(&[]).await.unwrap().findings.is_empty());
}
