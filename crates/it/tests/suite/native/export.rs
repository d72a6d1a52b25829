use super::{act, api, made, newest, nexus};
use http::StatusCode;
use it::{Caller, World, world::TENANT};
use serde_json::{Value, json};

async fn lines(caller: &Caller, path: &str) -> Vec<Value> {
    let answer = caller.get(path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn an_export_holds_all_that_the_caller_sees_but_the_secrets() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut secrets = Vec::new();
    for n in 0..3 {
        world.clock.advance_millis(1);
        secrets.push(made(&admin, &api(&format!("k{n}"))).await.1);
    }
    secrets.push(made(&admin, &nexus("chat")).await.1);
    let answer = admin.get("/v1/keys/export").await;
    assert!(secrets.iter().all(|secret| !answer.text().contains(secret)));
    let listed = admin.get("/v1/keys").await.json()["keys"].clone();
    assert_eq!(Value::from(lines(&admin, "/v1/keys/export").await), listed);
    assert_eq!(newest(&admin, "key.export").await["detail"], json!({"tenant": TENANT}));
    // The cluster sees all of them, or one tenant's.
    made(&world.person(r"t200\bob").await, &api("theirs")).await;
    let ops = world.person("ops").await;
    let all = lines(&ops, "/v1/keys/export").await.len();
    let own = lines(&ops, &format!("/v1/keys/export?tenant={TENANT}")).await.len();
    let before = listed.as_array().unwrap().len();
    assert!(own == before && all > own, "{own} of {all}");
    let csv = admin.get("/v1/keys/export?format=csv").await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    let text = csv.text();
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows.len(), before + 1);
    assert!(rows[0].starts_with("id,keyType,tenant,name,") && text.contains(",chat,"), "{text}");
}

#[tokio::test]
async fn ap_04_an_export_is_streamed_page_by_page() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let body: String = (0..1_201)
        .map(|n| {
            format!(
                "{}\n",
                json!({"keyType": "nexus", "tenant": TENANT, "name": format!("k{n}"),
                    "permissions": ["nexus:consumer:chat"], "secret": format!("the-nexus-secret-{n}")})
            )
        })
        .collect();
    let path = "/v1/keys/import";
    let kind = Some("application/x-ndjson");
    let answer = ops.send(http::Method::POST, path, kind, body.into()).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = ops.get(&format!("/v1/keys/export?tenant={TENANT}")).await;
    // Nobody knows the length before the end.
    assert_eq!(answer.header("content-length"), "");
    let mut names: Vec<String> = answer
        .text()
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["name"].as_str().unwrap().to_owned()
        })
        .collect();
    names.retain(|name| name.starts_with('k'));
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 1_201);
}

#[tokio::test]
async fn who_may_not_see_exports_nothing() {
    let world = World::start().await;
    for (caller, status) in [
        (world.anonymous(), 401),
        (world.person(r"t100\nora").await, 403),
        (world.client("powerless").await, 403),
    ] {
        assert_eq!(caller.get("/v1/keys/export").await.status, status);
    }
    let admin = world.person(r"t100\nexus").await;
    let foreign = world.person(r"t200\bob").await;
    for path in
        [format!("/v1/keys/export?tenant={TENANT}"), format!("/v1/audit/export?tenant={TENANT}")]
    {
        assert_eq!(foreign.get(&path).await.status, 404, "{path}");
    }
    for path in
        ["/v1/keys/export?format=xml", "/v1/keys/export?x=1", "/v1/audit/export?tenant=t100"]
    {
        assert_eq!(admin.get(path).await.status, 400, "{path}");
    }
    assert_eq!(world.anonymous().get("/v1/audit/export").await.status, 401);
    assert_eq!(world.person(r"t100\nora").await.get("/v1/audit/export").await.status, 403);
}

#[tokio::test]
async fn au_02_a_chain_is_exported_whole_with_heads_that_are_signed() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..4 {
        let (id, _) = made(&admin, &api(&format!("k{n}"))).await;
        act(&admin, &id, "disable").await;
        if n == 1 {
            world.service.sign_heads().await.unwrap();
        }
    }
    let lines = lines(&admin, "/v1/audit/export").await;
    assert_eq!(
        (&lines[0]["format"], &lines[0]["chain"]),
        (&json!("keyward-audit/1"), &json!(TENANT))
    );
    let events: Vec<&Value> = lines.iter().filter(|line| line["event"].is_object()).collect();
    for (place, event) in (1..).zip(&events) {
        assert_eq!(event["position"], place);
        assert_eq!(event["event"]["tenant"], TENANT);
    }
    let key = bytes(lines[0]["publicKey"].as_str().unwrap());
    let heads: Vec<&Value> = lines.iter().filter(|line| line["head"].is_string()).collect();
    assert!(heads.len() >= 2, "the one that was signed before, and one of now");
    for head in &heads {
        let (text, signature) =
            (head["head"].as_str().unwrap(), head["signature"].as_str().unwrap());
        assert!(service::heads::is_signed(&key, text, &bytes(signature)), "{text}");
        let words: Vec<&str> = text.split(' ').collect();
        let place: usize = words[2].parse().unwrap();
        assert_eq!(events[place - 1]["link"], words[3]);
    }
    let last: Vec<&str> = heads.last().unwrap()["head"].as_str().unwrap().split(' ').collect();
    assert_eq!(last[2].parse::<usize>().unwrap(), events.len());
    let ops = world.person("ops").await;
    let cluster = ops.get("/v1/audit/export").await.text();
    assert!(cluster.starts_with(r#"{"format":"keyward-audit/1","chain":"*","#), "{cluster}");
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}
