//! Keys that exist already are taken over.

mod refused;
mod together;

use super::{act, newest, show, verdict};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::secret::SecretDigest;
use http::Method;
use it::{
    Answer, Caller, World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};

const PATH: &str = "/v1/keys/import";
const NDJSON: &str = "application/x-ndjson";
const UUID: &str = "3e3ef06e-2d41-4d1c-9d9f-0f8e0f8f8f7a";

async fn send(caller: &Caller, query: &str, items: &[Value]) -> Answer {
    let body: String = items.iter().map(|item| format!("{item}\n")).collect();
    caller.send(Method::POST, &format!("{PATH}{query}"), Some(NDJSON), body.into()).await
}

/// The lines of the answer, and what the last one counts.
fn told(answer: &Answer) -> (Vec<Value>, Value) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), NDJSON);
    let mut lines: Vec<Value> =
        answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let summary = lines.pop().unwrap()["summary"].clone();
    (lines, summary)
}

async fn imported(caller: &Caller, items: &[Value]) -> Vec<Value> {
    told(&send(caller, "", items).await).0
}

fn statuses(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["status"].as_str().unwrap()).collect()
}

fn digest(secret: &str) -> String {
    SecretDigest::of(secret).as_bytes().iter().map(|b| format!("{b:02x}")).collect()
}

fn nexus_item(name: &str, secret: &str) -> Value {
    json!({"keyType": "nexus", "tenant": TENANT, "name": name, "secret": secret,
        "permissions": ["nexus:consumer:chat"]})
}

fn api_item(name: &str, secret: &str) -> Value {
    json!({"keyType": "api", "tenant": TENANT, "name": name, "digest": digest(secret),
        "permissions": ["orders:read"]})
}

#[tokio::test]
async fn keys_that_exist_work_on_by_the_same_secret() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let old = "an-old-key-of-another-product";
    let lines = imported(
        &ops,
        &[
            nexus_item("web chat", UUID),
            json!({"keyType": "ges", "tenant": OTHER_TENANT, "name": "callback",
                "secret": "callback-key-of-a-caller", "externalId": "ges/7"}),
            json!({"keyType": "api", "tenant": TENANT, "name": "billing",
                "digest": format!("sha256:{}", STANDARD.encode(SecretDigest::of(old).as_bytes())),
                "hint": "…duct", "description": "moved", "permissions": ["orders:read"],
                "expires": "2027-01-01T00:00:00Z", "limit": {"capacity": 10, "frequency": 60},
                "allowList": {"addresses": ["10.0.0.0/8"]}, "enabled": false,
                "created": "2024-02-03T04:05:06Z", "createdBy": "somebody"}),
            json!({"keyType": "nexus", "tenant": "*", "name": "all", "permissions": ["nexus:cluster:chat"],
                "secret": "8a0e6c52-43d5-4b9e-8f4e-5b7d4d3a2c1b"}),
        ],
    )
    .await;
    assert_eq!(statuses(&lines), ["created"; 4]);
    assert_eq!((&lines[1]["line"], &lines[1]["externalId"]), (&json!(2), &json!("ges/7")));
    assert_eq!(verdict(&ops, UUID).await, "VALID");
    assert_eq!(verdict(&ops, "callback-key-of-a-caller").await, "VALID");
    assert_eq!(verdict(&ops, old).await, "DISABLED");
    let key = show(&ops, lines[2]["id"].as_str().unwrap()).await;
    let shown = ["name", "description", "hint", "expires", "created", "createdBy", "acknowledged"]
        .map(|member| key[member].as_str().unwrap_or("").to_owned());
    assert_eq!(
        shown,
        [
            "billing",
            "moved",
            "…duct",
            "2027-01-01T00:00:00.000Z",
            "2024-02-03T04:05:06.000Z",
            "somebody",
            "2026-03-01T12:00:00.000Z"
        ]
    );
    assert_eq!(key["limit"], json!({"capacity": 10, "frequency": 60}));
    // What can be shown again is.
    let revealed = act(&ops, lines[0]["id"].as_str().unwrap(), "reveal").await;
    assert_eq!(revealed.json()["secret"], UUID);
    // A tenant's own people see what came to them, and nobody else's.
    let bob = world.person(r"t200\bob").await;
    assert_eq!(
        bob.get(&format!("/v1/keys/{}", lines[1]["id"].as_str().unwrap())).await.status,
        200
    );
    assert_eq!(
        bob.get(&format!("/v1/keys/{}", lines[0]["id"].as_str().unwrap())).await.status,
        404
    );
}

#[tokio::test]
async fn the_same_file_again_goes_on_where_it_stopped() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    // More than one batch.
    let items: Vec<Value> =
        (0..1_203).map(|n| api_item(&format!("k{n}"), &format!("the-secret-number-{n}"))).collect();
    let (first, _) = told(&send(&ops, "", &items[..1_100]).await);
    assert!(first.iter().all(|line| line["status"] == "created"));
    let (again, summary) = told(&send(&ops, "", &items).await);
    assert_eq!(
        summary,
        json!({"records": 1_203, "created": 103, "wouldCreate": 0, "exists": 1_100, "refused": 0,
            "dryRun": false, "complete": true})
    );
    assert_eq!(again[0]["id"], first[0]["id"]);
    assert_eq!(
        (&again[1_202]["line"], &again[1_202]["status"]),
        (&json!(1_203), &json!("created"))
    );
    assert_eq!(verdict(&ops, "the-secret-number-1202").await, "VALID");
    // Also within one file; another name, type or tenant is another key.
    let twice = [api_item("a", "twice"), api_item("a", "twice"), api_item("b", "twice")];
    assert_eq!(statuses(&imported(&ops, &twice).await), ["created", "exists", "refused"]);
}

#[tokio::test]
async fn a_rehearsal_checks_everything_and_writes_nothing() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    imported(&ops, &[api_item("old", "an old one")]).await;
    let before = ops.get("/v1/audit?limit=1").await.json()["events"][0]["position"].clone();
    let mut nowhere = api_item("k", "nowhere");
    nowhere["tenant"] = json!(NO_TENANT);
    let items = [
        api_item("new", "a-secret-that-is-new"),
        api_item("old", "an old one"),
        api_item("new", "a-secret-that-is-new"),
        api_item("other", "a-secret-that-is-new"),
        nowhere,
    ];
    let (lines, summary) = told(&send(&ops, "?dryRun=true", &items).await);
    assert_eq!(statuses(&lines), ["would-create", "exists", "exists", "refused", "refused"]);
    assert_eq!(lines[4]["field"], "tenant");
    assert_eq!((&summary["wouldCreate"], &summary["dryRun"]), (&json!(1), &json!(true)));
    assert_eq!(verdict(&ops, "a-secret-that-is-new").await, "NOT_FOUND");
    let after = ops.get("/v1/audit?limit=1").await.json()["events"][0]["position"].clone();
    assert_eq!(before, after);
}

#[tokio::test]
async fn each_batch_is_audited_in_the_chain_of_each_tenant_and_the_log_stays_whole() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let mut other = api_item("theirs", "the other tenant's");
    other["tenant"] = json!(OTHER_TENANT);
    let lines =
        imported(&ops, &[api_item("ours", "a-secret-of-our-own"), other, api_item("more", "more")])
            .await;
    let event = newest(&ops, "key.import").await;
    let keys = event["detail"]["keys"].as_array().unwrap().clone();
    assert_eq!((&event["detail"]["created"], keys.len()), (&json!(2), 2));
    assert!(keys[0].as_str().unwrap().starts_with(lines[0]["id"].as_str().unwrap()));
    assert!(!event.to_string().contains(lines[1]["id"].as_str().unwrap()));
    let cluster = ops.get("/v1/audit?tenant=*&action=key.import").await.json();
    assert_eq!(cluster["events"][0]["event"]["detail"]["created"], 3);
    assert_eq!(cluster["events"][0]["event"]["subject"]["id"], event["subject"]["id"]);
    // A change of an imported key is found by the check, and an honest one is not.
    act(&ops, lines[0]["id"].as_str().unwrap(), "disable").await;
    let check = world.service.verify_audit(&[]).await.unwrap();
    assert!(check.findings.is_empty(), "{:?}", check.findings);
}

#[tokio::test]
async fn csv_says_the_same_in_columns() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let body = format!(
        "\u{feff}keyType,tenant,name,secret,digest,permissions,capacity,frequency,description,addresses\r\n\
         nexus,{TENANT},web,{UUID},,nexus:consumer:chat nexus:designer:chat,10,60,,\r\n\
         api,{TENANT},\"two\",,{},orders:read,,,\"of two\nlines, \"\"quoted\"\"\",10.0.0.0/8 192.0.2.1\r\n\
         api,{TENANT},half,,{},,10,,,\r\n\
         api,{TENANT}\r\n",
        digest("the-secret-of-two-lines"),
        digest("half"),
    );
    let answer = ops.send(Method::POST, PATH, Some("text/csv"), body.into()).await;
    let (lines, summary) = told(&answer);
    assert_eq!(statuses(&lines), ["created", "created", "refused", "refused"]);
    let at: Vec<u64> = lines.iter().map(|line| line["line"].as_u64().unwrap()).collect();
    assert_eq!(at, [2, 3, 5, 6]);
    assert_eq!(lines[2]["field"], "frequency");
    assert_eq!((&summary["records"], &summary["created"]), (&json!(4), &json!(2)));
    assert_eq!(verdict(&ops, UUID).await, "VALID");
    let second = show(&ops, lines[1]["id"].as_str().unwrap()).await;
    assert_eq!(second["description"], "of two\nlines, \"quoted\"");
    assert_eq!(second["allowList"]["addresses"], json!(["10.0.0.0/8", "192.0.2.1/32"]));
    for head in ["keyType,unknown\n", "name,name\n", "\"\n"] {
        let body = format!("{head}api,x\n");
        let answer = ops.send(Method::POST, PATH, Some("text/csv"), body.into()).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (400, &json!("bad_json")),
            "{head}"
        );
    }
}

#[tokio::test]
async fn an_imported_key_is_a_key_like_others() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let lines = imported(&ops, &[api_item("moved", "the-old-secret-of-it")]).await;
    let id = lines[0]["id"].as_str().unwrap();
    let path = format!("/v1/keys/{id}/rotate");
    let rotated = ops.post(&path, &json!({"overlapSeconds": 3_600})).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text());
    assert_eq!(verdict(&ops, rotated.json()["secret"].as_str().unwrap()).await, "VALID");
    act(&ops, id, "revoke").await;
    assert_eq!(verdict(&ops, "the-old-secret-of-it").await, "REVOKED");
    // It was brought before, whatever became of it.
    let again = imported(&ops, &[api_item("moved", "the-old-secret-of-it")]).await;
    assert_eq!((&again[0]["status"], &again[0]["id"]), (&json!("exists"), &json!(id)));
    let world = world.restart().await;
    let ops = world.person("ops").await;
    assert_eq!(show(&ops, id).await["name"], "moved");
}
