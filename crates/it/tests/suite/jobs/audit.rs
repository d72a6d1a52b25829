use super::{days_later, number};
use it::{
    World,
    world::{PASSWORD, TENANT, tenant},
};
use serde_json::{Value, json};
use service::audit::KnownHead;

/// A world that keeps audit events for 30 days. Of the tenant's chain the beginning is signed, then
/// `one` and the head behind it, then `two`; all of that is 40 days ago.
async fn aged() -> (World, i64) {
    let world = World::start_with(|settings, _| settings.audit_retention_days = Some(30)).await;
    made(&world, "one").await;
    world.service.sign_heads().await.unwrap();
    let signed = number(&world, &format!("SELECT max(position) {}", events()));
    made(&world, "two").await;
    days_later(&world, 40);
    (world, signed)
}

async fn made(world: &World, name: &str) {
    let admin = world.anonymous().signed_in(r"t100\nexus", PASSWORD).await;
    let key = json!({"name": name, "keyType": "api", "permissions": ["orders:read"]});
    let answer = admin.post("/v1/keys", &key).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

fn events() -> String {
    format!("FROM audit_events WHERE scope = '{TENANT}'")
}

fn first(world: &World) -> i64 {
    number(world, &format!("SELECT min(position) {}", events()))
}

async fn found(world: &World) -> Vec<String> {
    world.service.verify_audit(&[]).await.unwrap().findings
}

async fn cuts(world: &World) -> Vec<Value> {
    let admin = world.person(r"t100\nexus").await;
    let answer = admin.get("/v1/audit?action=audit.prune").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["events"].as_array().unwrap().iter().map(|e| e["event"].clone()).collect()
}

#[tokio::test]
async fn without_a_setting_nothing_of_the_audit_log_ever_goes() {
    let world = World::start().await;
    made(&world, "one").await;
    world.service.sign_heads().await.unwrap();
    days_later(&world, 800);
    made(&world, "two").await;
    let before = number(&world, "SELECT count(*) FROM audit_events");
    world.service.prune_audit().await.unwrap();
    assert_eq!(number(&world, "SELECT count(*) FROM audit_events"), before);
}

#[tokio::test]
async fn au_02_audit_goes_only_up_to_a_signed_head_and_the_rest_is_whole() {
    let (world, signed) = aged().await;
    world.service.prune_audit().await.unwrap();
    assert_eq!(first(&world), signed + 1);
    assert_eq!(found(&world).await, Vec::<String>::new());
    let cuts = cuts(&world).await;
    assert_eq!(cuts.len(), 1);
    let detail = &cuts[0]["detail"];
    assert_eq!((&detail["position"], &detail["count"]), (&json!(signed), &json!(signed)));
    assert_eq!(detail["until"], "2026-03-11T00:00:00.000Z");
    assert_eq!(cuts[0]["actor"]["kind"], "system");
    // Nothing that is older has a signed head now: nothing goes, and no event says so.
    let events = number(&world, "SELECT count(*) FROM audit_events");
    world.service.prune_audit().await.unwrap();
    assert_eq!(number(&world, "SELECT count(*) FROM audit_events"), events);
}

#[tokio::test]
async fn au_02_events_that_are_young_stay_and_so_does_a_chain_without_signed_heads() {
    let world = World::start_with(|settings, _| settings.audit_retention_days = Some(30)).await;
    made(&world, "one").await;
    days_later(&world, 40);
    made(&world, "two").await;
    world.service.prune_audit().await.unwrap();
    assert_eq!(first(&world), 1, "no head is signed");
    world.service.sign_heads().await.unwrap();
    made(&world, "three").await;
    world.service.prune_audit().await.unwrap();
    assert_eq!(first(&world), 1, "the only signed head is behind young events");
}

#[tokio::test]
async fn au_02_more_that_is_deleted_than_was_pruned_is_found() {
    let (world, signed) = aged().await;
    world.service.prune_audit().await.unwrap();
    let of = tenant();
    let link =
        "(SELECT link FROM audit_events e WHERE e.scope = h.scope AND e.position = h.position + 1)";
    // The event at the cut goes too, with a head to match that nobody signed.
    let _ = world.place().sql(&format!(
        "INSERT INTO audit_signed_heads (scope, position, link, at, signature)
         SELECT h.scope, h.position + 1, {link}, h.at, h.signature FROM audit_signed_heads h
         WHERE h.scope = '{of}' AND h.position = {signed} AND h.at =
             (SELECT max(at) FROM audit_signed_heads WHERE scope = '{of}' AND position = {signed})"
    ));
    let _ = world.place().sql(&format!("DELETE {} AND position = {}", events(), signed + 1));
    let findings = found(&world).await;
    let missing =
        format!("chain {of}, position {}: events before this one are missing", signed + 2);
    assert!(findings.contains(&missing), "{findings:?}");
    assert!(findings.iter().any(|f| f.ends_with("the signature is not ours")), "{findings:?}");
}

#[tokio::test]
async fn au_02_a_beginning_that_is_deleted_without_the_job_is_found() {
    let (world, signed) = aged().await;
    let _ = world.place().sql(&format!("DELETE {} AND position <= {signed}", events()));
    let findings = found(&world).await;
    assert!(findings.iter().any(|f| f.ends_with("events before this one are missing")));
}

#[tokio::test]
async fn au_02_a_row_whose_events_were_pruned_is_still_compared_with_the_last_of_them() {
    let (world, _) = aged().await;
    world.service.prune_audit().await.unwrap();
    // What the first cut handed on is handed on by the next.
    world.service.sign_heads().await.unwrap();
    days_later(&world, 40);
    made(&world, "three").await;
    world.service.prune_audit().await.unwrap();
    assert_eq!(
        number(&world, &format!("SELECT count(*) {} AND action = 'key.create'", events())),
        1
    );
    assert_eq!(found(&world).await, Vec::<String>::new());
    let _ = world.place().sql("UPDATE keys SET name = 'mine' WHERE name = 'one'");
    let findings = found(&world).await;
    assert!(
        findings.len() == 1 && findings[0].ends_with("was changed without an event"),
        "{findings:?}"
    );
}

#[tokio::test]
async fn au_02_what_was_tampered_with_is_not_pruned() {
    let (world, _) = aged().await;
    let _ = world.person("ops").await;
    let before = number(&world, &format!("SELECT count(*) {}", events()));
    let _ = world.place().sql(&format!(
        "UPDATE audit_events SET event = replace(event, 'key.create', 'key.update') WHERE scope = '{TENANT}'"
    ));
    assert!(world.service.prune_audit().await.is_err());
    assert_eq!(number(&world, &format!("SELECT count(*) {}", events())), before);
    // The other chains went on.
    assert!(number(&world, "SELECT min(position) FROM audit_events WHERE scope = '*'") > 1);
}

#[tokio::test]
async fn a_pruned_chain_is_exported_and_known_by_its_old_heads() {
    let (world, signed) = aged().await;
    let ops = world.person("ops").await;
    let export = format!("/v1/audit/export?tenant={TENANT}");
    let heads = |text: String| -> Vec<Value> {
        text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).collect()
    };
    let old = heads(ops.get(&export).await.text());
    world.service.prune_audit().await.unwrap();
    let new = heads(world.person("ops").await.get(&export).await.text());
    assert_eq!(new[1]["position"], signed + 1);
    let at_the_cut = format!("keyward-head/1 {TENANT} {signed} ");
    let heads_of = |lines: &[Value]| -> Vec<String> {
        lines.iter().filter_map(|l| l["head"].as_str().map(str::to_owned)).collect()
    };
    assert!(heads_of(&new).iter().any(|head| head.starts_with(&at_the_cut)));
    for head in heads_of(&old) {
        let known = [KnownHead::parse(&head).unwrap()];
        let check = world.service.verify_audit(&known).await.unwrap();
        assert_eq!(check.findings, Vec::<String>::new(), "{head}");
    }
    let forged =
        format!("keyward-head/1 {TENANT} {signed} {} 2026-03-01T12:00:00.000Z", "00".repeat(32));
    let known = [KnownHead::parse(&forged).unwrap()];
    assert_eq!(world.service.verify_audit(&known).await.unwrap().findings.len(), 1);
}

#[tokio::test]
async fn r_08_an_event_that_was_pruned_is_still_of_the_past_and_the_gap_is_told() {
    let (world, _) = aged().await;
    let then = world.service.last_event().await.unwrap().unwrap();
    world.service.sign_heads().await.unwrap();
    days_later(&world, 40);
    made(&world, "three").await;
    made(&world, "four").await;
    assert!(world.service.has_all_since(&[then]).await.unwrap());
    world.service.prune_audit().await.unwrap();
    assert!(world.service.has_events(&[then]).await.unwrap());
    assert!(!world.service.has_all_since(&[]).await.unwrap());
    let other = store::audit::ChainHead { link: [0; 32], ..then };
    assert!(!world.service.has_events(&[other]).await.unwrap());
}
