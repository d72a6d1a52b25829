//! Contact centers: tenants, wherever one looks.

use super::centers;
use http::Method;
use it::{
    Answer, Caller, World,
    world::{NO_TENANT, OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::{Value, json};

const ENVIRONMENT: &str = "5f2c1e0a-6a0b-4c57-9d0e-0d6f3f1f9b11";
const CCID: &str = "0b9d7c14-3f5e-4a81-9c36-7d2e8f1a6b05";

/// The body as the guide prints it, with ids filled in.
fn published() -> Value {
    json!({"data": {"domains": ["t300"], "environmentId": ENVIRONMENT, "auth": "configServer", "id": CCID}})
}

fn center(id: &str, domains: &[&str]) -> Value {
    json!({"id": id, "environmentId": ENVIRONMENT, "domains": domains, "auth": "configServer"})
}

async fn put(caller: &Caller, id: &str, data: Value) -> Answer {
    caller.put(&format!("{}/{id}", centers()), &json!({"data": data})).await
}

fn refused(answer: &Answer, status: u16, code: u16, words: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.json()["status"]["code"], code, "{}", answer.text());
    assert!(answer.text().contains(words), "`{words}` in {}", answer.text());
}

#[tokio::test]
async fn a_contact_center_made_here_is_a_tenant_everywhere_at_once() {
    let world = World::start().await;
    let ops = world.anonymous().basic("ops", PASSWORD);
    let answer = ops.post(&centers(), &published()).await;
    assert_eq!(
        answer.text(),
        format!(r#"{{"status":{{"code":0}},"path":"/contact-centers/{CCID}"}}"#)
    );
    let shown = ops.get(&format!("{}/{CCID}", centers())).await.json();
    assert_eq!(shown, json!({"status": {"code": 0}, "data": center(CCID, &["t300"])}));

    let tenant =
        ops.clone().signed_in("ops", PASSWORD).await.get(&format!("/v1/tenants/{CCID}")).await;
    let tenant = tenant.json();
    assert_eq!((&tenant["name"], &tenant["domains"]), (&json!("t300"), &json!(["t300"])));
    assert_eq!((&tenant["realm"], &tenant["environment"]), (&Value::Null, &json!(ENVIRONMENT)));

    let ops = world.person("ops").await;
    let person = json!({"tenant": CCID, "username": "ann", "roles": ["admin"], "password": "seven quiet lanterns glow"});
    assert_eq!(ops.post("/v1/persons", &person).await.status, 201);
    let ann = world.anonymous().signed_in(r"t300\ann", "seven quiet lanterns glow").await;
    let own = ann.get(&centers()).await.json();
    assert_eq!(own["data"], json!([center(CCID, &["t300"])]), "its own alone");
    let event = ops.get("/v1/audit?action=tenant.create&limit=1").await.json();
    assert_eq!(
        (&event["events"][0]["chain"], &event["events"][0]["event"]["subject"]["id"]),
        (&json!(CCID), &json!(CCID))
    );
    assert_eq!(world.service.verify_audit(&[]).await.unwrap().findings, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_said_of_authentication_is_kept_and_audited() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let body = json!({"data": {"domains": ["T300", "premise"], "auth": "saml"}});
    let path = ops.post(&centers(), &body).await.json()["path"].as_str().unwrap().to_owned();
    let id = path.rsplit('/').next().unwrap().to_owned();
    let expected =
        json!({"id": id, "environmentId": null, "domains": ["t300", "premise"], "auth": "saml"});
    assert_eq!(ops.get(&format!("{}/{id}", centers())).await.json()["data"], expected);
    let event = ops.get("/v1/audit?action=tenant.create&limit=1").await.json();
    assert_eq!(event["events"][0]["event"]["after"]["auth"], "saml");
    assert_eq!(event["events"][0]["event"]["after"]["name"], "t300");
    assert_eq!(
        put(&ops, &id, json!({"auth": "configServer"})).await.json()["data"]["auth"],
        "configServer"
    );
    assert_eq!(world.service.verify_audit(&[]).await.unwrap().findings, Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_by_name_and_makes_nothing() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let before = ops.get(&centers()).await.text();
    for (member, value, code) in [
        ("domains", Value::Null, 1),
        ("domains", json!([]), 2),
        ("domains", json!("t300"), 2),
        ("domains", json!([""]), 2),
        ("domains", json!(["t300.example"]), 2),
        ("domains", json!(["t300", "T300"]), 2),
        ("domains", json!([TENANT]), 2),
        ("id", json!("t300"), 2),
        ("environmentId", json!(""), 2),
        ("environmentId", json!("default"), 2),
        ("auth", json!(""), 2),
        ("auth", json!({"kind": "saml"}), 2),
    ] {
        let mut body = published();
        body["data"][member] = value;
        refused(&ops.post(&centers(), &body).await, 400, code, &format!("data.{member}"));
    }
    let bare = published()["data"].clone();
    refused(&ops.post(&centers(), &bare).await, 400, 1, "`data`");
    for (member, value, words) in [
        ("domains", json!(["t100"]), "domain"),
        ("domains", json!(["new", "T200"]), "domain"),
        ("id", json!(TENANT), "tenant id"),
        ("environmentId", json!(NO_TENANT), "environment"),
    ] {
        let mut body = published();
        body["data"][member] = value;
        refused(&ops.post(&centers(), &body).await, 409, 2, words);
    }
    assert_eq!(ops.get(&centers()).await.text(), before);
}

#[tokio::test]
async fn only_the_cluster_adds_contact_centers() {
    let world = World::start().await;
    for (caller, status, code) in [
        (world.person(r"t100\nexus").await, 403, 3),
        (world.client("service-a").await, 403, 3),
        (world.anonymous(), 401, 5),
    ] {
        refused(&caller.post(&centers(), &published()).await, status, code, "");
    }
}

#[tokio::test]
async fn ti_01_each_sees_its_own_contact_center_and_the_cluster_all() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let all = ops.get(&centers()).await.json();
    let [first, second] = [center(TENANT, &["t100"]), center(OTHER_TENANT, &["t200"])];
    assert_eq!(all, json!({"status": {"code": 0}, "data": [first, second]}));
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.get(&centers()).await.json()["data"], json!([first]));
    assert_eq!(admin.get(&format!("{}/{TENANT}", centers())).await.json()["data"], first);
    let of = |id: &str| format!("{}/{id}", centers());
    let missing = admin.get(&of(NO_TENANT)).await;
    refused(&missing, 404, 6, "");
    for other in [OTHER_TENANT, "*", "t100", "key_0000000000000000000000"] {
        let answer = admin.get(&of(other)).await;
        assert_eq!((answer.status, answer.text()), (missing.status, missing.text()), "{other}");
    }
    let viewer = world.person(r"t100\vera").await;
    refused(&viewer.get(&centers()).await, 403, 3, "");
    refused(&viewer.get(&of(TENANT)).await, 403, 3, "");
    refused(&world.anonymous().get(&of(TENANT)).await, 401, 5, "");
}

#[tokio::test]
async fn contact_centers_are_listed_whole_or_by_pages() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    for n in 0..5 {
        let body = json!({"data": {"domains": [format!("more{n}")]}});
        assert_eq!(ops.post(&centers(), &body).await.status, 200);
    }
    let whole = ops.get(&centers()).await.json()["data"].as_array().unwrap().clone();
    assert_eq!(whole.len(), 7);
    let (mut seen, mut path, mut pages) = (Vec::new(), format!("{}?limit=3", centers()), 0);
    loop {
        let page = ops.get(&path).await;
        pages += 1;
        seen.extend(page.json()["data"].as_array().unwrap().iter().cloned());
        let link = page.header("link");
        let Some(at) = link.find("/environment") else { break };
        path = link[at..link.find('>').unwrap()].to_owned();
    }
    assert_eq!((pages, seen), (3, whole));
    let cursor = path.split("cursor=").nth(1).unwrap().to_owned();
    assert_eq!(
        ops.get(&format!("/v1/tenants?cursor={cursor}")).await.status,
        400,
        "of another list"
    );
    assert_eq!(ops.get(&format!("{}?limit=0", centers())).await.status, 400);
}

#[tokio::test]
async fn what_is_named_changes_and_the_rest_stays() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let admin = world.person(r"t100\nexus").await;
    let answer = put(&admin, TENANT, json!({"domains": ["T100", "premise"]})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["data"], center(TENANT, &["t100", "premise"]));
    assert_eq!(answer.header("etag"), "\"2\"");
    world.anonymous().signed_in(r"premise\nexus", PASSWORD).await;
    let tenant = ops.get(&format!("/v1/tenants/{TENANT}")).await.json();
    assert_eq!((&tenant["name"], &tenant["realm"]), (&json!("premise_tenant"), &json!("companya")));
    let same = put(&admin, TENANT, answer.json()["data"].clone()).await;
    assert_eq!((same.status.as_u16(), same.header("etag")), (200, "\"2\""), "nothing changed");

    refused(&put(&admin, TENANT, json!({"domains": []})).await, 400, 2, "data.domains");
    refused(&put(&admin, TENANT, json!({"domains": ["a.b"]})).await, 400, 2, "data.domains");
    refused(&put(&admin, TENANT, json!({"domains": ["t200"]})).await, 409, 2, "domain");
    refused(&put(&admin, TENANT, json!({"id": OTHER_TENANT})).await, 400, 2, "data.id");
    refused(&put(&ops, TENANT, json!({"environmentId": NO_TENANT})).await, 409, 2, "environment");
    let made = ops.post("/environment/v3/environments", &json!({"data": {"id": NO_TENANT}})).await;
    assert_eq!(made.status, 200);
    refused(&put(&admin, TENANT, json!({"environmentId": NO_TENANT})).await, 403, 3, "");
    let moved = put(&ops, TENANT, json!({"environmentId": NO_TENANT})).await.json();
    assert_eq!(moved["data"]["environmentId"], NO_TENANT);

    let path = format!("{}/{TENANT}", centers());
    let stale = admin.with_header("if-match", "\"1\"");
    let body = json!({"data": {"domains": ["x"]}}).to_string();
    let answer = stale.send(Method::PUT, &path, Some("application/json"), body.into()).await;
    refused(&answer, 412, 2, "");
    refused(
        &put(&world.person(r"t200\bob").await, TENANT, json!({"domains": ["x"]})).await,
        404,
        6,
        "",
    );
    refused(
        &put(&world.person(r"t100\vera").await, TENANT, json!({"domains": ["x"]})).await,
        403,
        3,
        "",
    );
    refused(&put(&world.anonymous(), TENANT, json!({"domains": ["x"]})).await, 401, 5, "");
}
