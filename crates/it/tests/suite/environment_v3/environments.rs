//! Environments: listed and created by callers of the cluster.

use http::Method;
use it::{World, world::PASSWORD};
use serde_json::{Value, json};

const PATH: &str = "/environment/v3/environments";
const ID: &str = "28b1cb24-ee80-4b3b-8d4f-36ea0b3f9a0f";
/// The one that every world begins with.
const FIRST: &str = "5f2c1e0a-6a0b-4c57-9d0e-0d6f3f1f9b11";

/// The body as the guide prints it, with ids filled in.
fn published() -> Value {
    json!({"data": {"username": "default", "password": "canary-of-the-config-server", "id": ID,
        "connectionProtocol": "addp", "localTimeout": 60, "remoteTimeout": 90,
        "tenant": "Environment", "appName": "Cloud", "traceMode": "CFGTMBoth", "tlsEnabled": false,
        "configServers": [{"primaryPort": 8888, "readOnly": false,
            "primaryAddress": "tenant-1.svc.example", "locations": "/USW1"}]}})
}

#[tokio::test]
async fn an_environment_is_made_as_published_and_given_back_without_the_credentials() {
    let world = World::start().await;
    // As the scripts do it: by Basic.
    let ops = world.anonymous().basic("ops", PASSWORD);
    let answer = ops.post(PATH, &published()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.text(), format!(r#"{{"status":{{"code":0}},"path":"/environments/{ID}"}}"#));
    let mut expected = published()["data"].clone();
    let members = expected.as_object_mut().unwrap();
    members.retain(|name, _| name != "username" && name != "password");
    members.insert("name".to_owned(), json!("Cloud"));
    let list = ops.get(PATH).await;
    let first = json!({"id": FIRST, "name": "default"});
    // Both are of the same instant; then the id decides.
    assert_eq!(list.json(), json!({"status": {"code": 0}, "data": [expected, first]}));

    let ops = world.person("ops").await;
    let events = ops.get("/v1/audit?action=environment.create&limit=1").await;
    let event = &events.json()["events"][0];
    assert_eq!((&event["chain"], &event["event"]["subject"]["id"]), (&json!("*"), &json!(ID)));
    for text in [events.text(), list.text()] {
        assert!(!text.contains("canary"), "{text}");
    }
    assert_eq!(world.service.verify_audit(&[]).await.unwrap().findings, Vec::<String>::new());
}

#[tokio::test]
async fn an_environment_needs_no_id_and_lets_unknown_members_pass() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    for body in
        [json!({"data": {}}), json!({"data": {"sip": {"password": "canary"}, "username": 7}})]
    {
        let answer = ops.post(PATH, &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let path = answer.json()["path"].as_str().unwrap().to_owned();
        let id = path.rsplit('/').next().unwrap().to_owned();
        let list = ops.get(PATH).await.json();
        let made = list["data"].as_array().unwrap().iter().find(|e| e["id"] == id.as_str());
        assert_eq!(made, Some(&json!({"id": id, "name": "Environment"})));
    }
}

#[tokio::test]
async fn an_id_that_is_taken_and_values_that_cannot_be_are_refused() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    assert_eq!(ops.post(PATH, &published()).await.status, 200);
    let before = ops.get(PATH).await.text();
    let again = ops.post(PATH, &published()).await;
    assert_eq!((again.status.as_u16(), &again.json()["status"]["code"]), (409, &json!(2)));
    for (member, value) in [
        ("id", json!("default")),
        ("id", json!(7)),
        ("name", json!("")),
        ("localTimeout", json!("60")),
        ("tlsEnabled", json!("false")),
        ("configServers", json!({})),
        ("configServers", json!([[]])),
    ] {
        let mut body = json!({"data": {}});
        body["data"][member] = value.clone();
        let answer = ops.post(PATH, &body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["status"]["code"]), (400, &json!(2)));
        let message = answer.json()["status"]["message"].clone();
        assert!(
            message.as_str().unwrap().contains(&format!("data.{member}")),
            "{value}: {message}"
        );
    }
    for (servers, place) in [
        (json!([{"primaryPort": 70_000}]), "`data.configServers[0].primaryPort`"),
        (json!([{}, {"readOnly": false, "locations": 7}]), "`data.configServers[1].locations`"),
        (json!([{}, []]), "`data.configServers[1]"),
    ] {
        let answer = ops.post(PATH, &json!({"data": {"configServers": servers}})).await;
        let message = answer.json()["status"]["message"].as_str().unwrap().to_owned();
        assert_eq!(answer.status, 400);
        assert!(message.contains(place), "{place}: {message}");
    }
    let bare = published()["data"].clone();
    let answer = ops.post(PATH, &bare).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["status"]["code"]), (400, &json!(1)));
    assert_eq!(ops.get(PATH).await.text(), before, "nothing was made");
}

#[tokio::test]
async fn only_the_cluster_makes_and_sees_environments() {
    let world = World::start().await;
    for (caller, status, code) in [
        (world.person(r"t100\nexus").await, 403, 3),
        (world.person(r"t100\vera").await, 403, 3),
        (world.client("cluster-verifier").await, 403, 3),
        (world.anonymous(), 401, 5),
        (world.anonymous().basic("ops", "wrong"), 401, 5),
    ] {
        for answer in [caller.get(PATH).await, caller.post(PATH, &published()).await] {
            assert_eq!(answer.status, status, "{}", answer.text());
            assert_eq!(answer.json()["status"]["code"], code);
        }
    }
}

#[tokio::test]
async fn environments_page_by_limit_and_link() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    for _ in 0..4 {
        assert_eq!(ops.post(PATH, &json!({"data": {}})).await.status, 200);
    }
    let whole = ops.get(PATH).await;
    assert_eq!(whole.header("link"), "");
    let whole: Vec<Value> = whole.json()["data"].as_array().unwrap().clone();
    let (mut seen, mut path) = (Vec::new(), format!("{PATH}?limit=2"));
    loop {
        let page = ops.get(&path).await;
        seen.extend(page.json()["data"].as_array().unwrap().iter().cloned());
        let link = page.header("link");
        let Some(at) = link.find("/environment") else { break };
        path = link[at..link.find('>').unwrap()].to_owned();
    }
    assert_eq!((seen.len(), &seen), (5, &whole));
    for bad in ["?limit=0", "?limit=201", "?limit=x", "?cursor=AAAA"] {
        assert_eq!(ops.get(&format!("{PATH}{bad}")).await.status, 400, "{bad}");
    }
    assert_eq!(ops.send(Method::PUT, PATH, None, "".into()).await.status, 405);
}
