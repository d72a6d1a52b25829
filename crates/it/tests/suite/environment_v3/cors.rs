//! The new list of origins, one origin a request, and what counts of both lists.

use super::settings_of;
use domain::id::TenantId;
use http::Method;
use it::{
    Answer, Caller, World,
    world::{NO_TENANT, OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::{Value, json};

const PATH: &str = "/environment/v3/cors";
const GES: &str = "https://ges.example.com";

fn entry(tenant: &str, origin: &str) -> Value {
    json!({"data": {"contactCenterId": tenant, "origin": origin}})
}

async fn remove(caller: &Caller, body: &Value) -> Answer {
    caller.send(Method::DELETE, PATH, Some("application/json"), body.to_string().into()).await
}

async fn listed(caller: &Caller, query: &str) -> Value {
    let answer = caller.get(&format!("{PATH}{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["data"]["origins"].clone()
}

/// Whether pages of an origin may call: any tenant's, the first one's, the other one's.
fn allowed(world: &World, origin: &str) -> [bool; 3] {
    let of = |id| Some(TenantId::parse(id).expect("an id"));
    let tenants = [None, of(TENANT), of(OTHER_TENANT)];
    tenants.map(|tenant| world.service.origins().allows(tenant, origin))
}

fn refused(answer: &Answer, status: u16, code: u16, words: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.json()["status"]["code"], code, "{}", answer.text());
    assert!(answer.text().contains(words), "`{words}` in {}", answer.text());
}

async fn actions(ops: &Caller) -> Vec<String> {
    let events = ops.get(&format!("/v1/audit?tenant={TENANT}&subject=cors:{TENANT}")).await.json();
    let events = events["events"].as_array().expect("events").clone();
    events.iter().map(|e| e["event"]["action"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn origins_are_added_and_taken_away_one_by_one_and_count_at_once() {
    let world = World::start().await;
    let ops = world.anonymous().basic("ops", PASSWORD);
    assert_eq!(listed(&ops, "").await, json!([]));
    let answer = ops.post(PATH, &entry(TENANT, GES)).await;
    assert_eq!(answer.text(), r#"{"status":{"code":0}}"#);
    assert_eq!(allowed(&world, GES), [true, true, false]);
    assert_eq!(ops.post(PATH, &entry(TENANT, "HTTPS://GES.example.com:443")).await.status, 200);
    let of_first = format!("?contactCenterId={TENANT}");
    assert_eq!(listed(&ops, &of_first).await, json!([GES]), "listed once, as browsers write it");
    let other = "http://localhost:3000";
    assert_eq!(ops.post(PATH, &entry(OTHER_TENANT, other)).await.status, 200);
    let all = ops.get(PATH).await.json()["data"].clone();
    let expected = json!({"origins": [other, GES], "contactCenters": [
        {"contactCenterId": TENANT, "origins": [GES]},
        {"contactCenterId": OTHER_TENANT, "origins": [other]}]});
    assert_eq!(all, expected);
    assert_eq!(allowed(&world, other), [true, false, true]);

    assert_eq!(remove(&ops, &entry(TENANT, GES)).await.text(), r#"{"status":{"code":0}}"#);
    assert_eq!(allowed(&world, GES), [false; 3]);
    refused(&remove(&ops, &entry(TENANT, GES)).await, 404, 6, "");
    let query =
        format!("{PATH}?contactCenterId={OTHER_TENANT}&origin=http%3A%2F%2Flocalhost%3A3000");
    assert_eq!(ops.delete(&query).await.status, 200);
    assert_eq!(listed(&ops, "").await, json!([]));
    let ops = world.person("ops").await;
    assert_eq!(actions(&ops).await, ["cors_origin.delete", "cors_origin.create"]);
    assert_eq!(world.service.verify_audit(&[]).await.unwrap().findings, Vec::<String>::new());
}

#[tokio::test]
async fn wb_10_what_is_no_origin_is_refused_by_name() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for bad in [
        "",
        "*",
        "null",
        "https://*.example.com",
        "https://user@shop.example",
        "https://shop.example/",
        "https://shop.example/path",
        "https://shop.example?x",
        "https://shop.example.",
        "ftp://shop.example",
        "https://",
        "javascript:alert(1)",
        "https://a.example, https://b.example",
        "https://a.example\\@b.example",
        "https://a b.example",
        "\u{202e}https://a.example",
    ] {
        let answer = admin.post(PATH, &entry(TENANT, bad)).await;
        refused(&answer, 400, 2, "data.origin");
        let example = "https://shop.example";
        let comes_back = bad.len() > example.len() && answer.text().contains(bad);
        assert!(!comes_back, "{bad} comes back");
        refused(&remove(&admin, &entry(TENANT, bad)).await, 400, 2, "data.origin");
    }
    for (data, code, words) in [
        (json!({"contactCenterId": TENANT}), 1, "data.origin"),
        (json!({"contactCenterId": "t100", "origin": GES}), 2, "data.contactCenterId"),
        (json!({"contactCenterId": TENANT, "origin": 7}), 2, "data.origin"),
    ] {
        refused(&admin.post(PATH, &json!({"data": data})).await, 400, code, words);
    }
    refused(&admin.post(PATH, &json!({"origin": GES})).await, 400, 1, "`data`");
    refused(&admin.delete(PATH).await, 415, 2, "");
    refused(&admin.get(&format!("{PATH}?contactCenterId=t100")).await, 400, 2, "contactCenterId");
    assert_eq!(listed(&admin, "").await, json!([]));
    assert!(!world.service.origins().any(None));
}

#[tokio::test]
async fn ti_01_an_administrator_reaches_its_own_contact_center_alone() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(ops.post(PATH, &entry(OTHER_TENANT, "https://b.example")).await.status, 200);
    // Without a contact center, its own.
    assert_eq!(admin.post(PATH, &json!({"data": {"origin": GES}})).await.status, 200);
    assert_eq!(listed(&admin, "").await, json!([GES]));
    assert_eq!(allowed(&world, GES), [true, true, false]);
    for other in [OTHER_TENANT, NO_TENANT] {
        refused(&admin.post(PATH, &entry(other, "https://x.example")).await, 404, 6, "");
        refused(&remove(&admin, &entry(other, "https://b.example")).await, 404, 6, "");
        refused(&admin.get(&format!("{PATH}?contactCenterId={other}")).await, 404, 6, "");
    }
    refused(
        &ops.post(PATH, &json!({"data": {"origin": GES}})).await,
        400,
        1,
        "data.contactCenterId",
    );
    refused(&ops.post(PATH, &entry(NO_TENANT, GES)).await, 404, 6, "");
    for (caller, status, code) in [
        (world.person(r"t100\vera").await, 403, 3),
        (world.client("service-a").await, 403, 3),
        (world.anonymous(), 401, 5),
    ] {
        refused(&caller.get(PATH).await, status, code, "");
        refused(&caller.post(PATH, &entry(TENANT, GES)).await, status, code, "");
        refused(&remove(&caller, &entry(TENANT, GES)).await, status, code, "");
    }
}

#[tokio::test]
async fn the_old_list_counts_until_the_new_one_has_an_entry() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let [old, new] = ["https://old.example", "https://new.example"];
    let setting = json!({"data": {"name": "cors-origins", "value": old}});
    assert_eq!(admin.post(&settings_of(TENANT), &setting).await.status, 200);
    assert_eq!(allowed(&world, old), [true, true, false]);
    assert_eq!(listed(&admin, "").await, json!([]), "each list is shown by its own");
    assert_eq!(admin.post(PATH, &entry(TENANT, new)).await.status, 200);
    assert_eq!((allowed(&world, old), allowed(&world, new)), ([false; 3], [true, true, false]));
    let setting = json!({"data": {"name": "cors-origins", "value": "https://later.example"}});
    assert_eq!(admin.post(&settings_of(TENANT), &setting).await.status, 200);
    assert_eq!(allowed(&world, "https://later.example"), [false; 3]);
    // What was loaded says the same as what was told.
    let world = world.restart().await;
    assert_eq!((allowed(&world, old), allowed(&world, new)), ([false; 3], [true, true, false]));
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(remove(&admin, &entry(TENANT, new)).await.status, 200);
    assert_eq!(allowed(&world, "https://later.example"), [true, true, false]);
}

#[tokio::test]
async fn a_contact_center_out_of_service_lets_nobody_in() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    assert_eq!(ops.post(PATH, &entry(TENANT, GES)).await.status, 200);
    let tenant = format!("/v1/tenants/{TENANT}");
    for (enabled, expected) in [(false, [false; 3]), (true, [true, true, false])] {
        let answer = ops.patch(&tenant, &json!({"enabled": enabled})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(allowed(&world, GES), expected);
    }
    assert_eq!(ops.delete(&tenant).await.status, 204);
    assert_eq!(allowed(&world, GES), [false; 3]);
    assert_eq!(listed(&ops, "").await, json!([]));
    refused(&ops.post(PATH, &entry(TENANT, GES)).await, 404, 6, "");
    let check = world.service.verify_audit(&[]).await.unwrap();
    assert_eq!(check.findings, Vec::<String>::new());
    world.clock.advance_millis(31 * 86_400_000);
    world.service.purge_tenants().await.unwrap();
    let check = world.service.verify_audit(&[]).await.unwrap();
    assert_eq!(check.findings, Vec::<String>::new());
    assert_eq!(allowed(&world.restart().await, GES), [false; 3]);
}

#[tokio::test]
async fn a_contact_center_lists_so_many_origins_and_no_more() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let value: Vec<String> = (0..501).map(|n| format!("https://h{n}.example")).collect();
    let setting =
        |value: &[String]| json!({"data": {"name": "cors-origins", "value": value.join(",")}});
    assert_eq!(ops.post(&settings_of(TENANT), &setting(&value[..500])).await.status, 200);
    refused(&ops.post(&settings_of(TENANT), &setting(&value)).await, 400, 2, "data.value");
    for origin in &value[..500] {
        assert_eq!(ops.post(PATH, &entry(TENANT, origin)).await.status, 200);
    }
    refused(&ops.post(PATH, &entry(TENANT, &value[500])).await, 409, 2, "500");
    assert_eq!(ops.post(PATH, &entry(TENANT, &value[7])).await.status, 200, "it is there already");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_03_origins_are_the_same_on_the_other_node_within_a_second() {
    let world = World::start().await;
    let Some((other, _app)) = world.second_node().await else { return };
    let ops = world.person("ops").await;
    let tenant = Some(TenantId::parse(TENANT).expect("an id"));
    let becomes = async |expected: bool| {
        let begin = std::time::Instant::now();
        while other.origins().allows(tenant, GES) != expected {
            assert!(begin.elapsed().as_secs() < 1, "not {expected} within a second");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    assert_eq!(ops.post(PATH, &entry(TENANT, GES)).await.status, 200);
    becomes(true).await;
    assert_eq!(remove(&ops, &entry(TENANT, GES)).await.status, 200);
    becomes(false).await;
}
