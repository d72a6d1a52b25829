//! `/v1/master-keys`: status, rotate, retire.

use super::{FIRST, Opened, given, secret_of_new};
use it::{
    Caller,
    world::{Place, START},
};
use serde_json::json;
use service::{clock::Clock, open::MasterKeys};
use std::{os::unix::fs::MetadataExt as _, path::PathBuf, time::Duration};

const ROTATE: &str = "/v1/master-keys/rotate";
const DAY_MS: u32 = 86_400_000;

fn file(place: &Place) -> PathBuf {
    place.folder().join("master.key")
}

async fn opened(place: &Place, clock: &Clock) -> Opened {
    Opened::at(place, MasterKeys::File(file(place)), None, clock).await.unwrap()
}

fn state(name: &str, state: &str) -> (String, String) {
    (name.to_owned(), state.to_owned())
}

/// The actions of the cluster's chain that speak of master keys, the oldest one first.
async fn events(ops: &Caller) -> Vec<String> {
    let answer = ops.get("/v1/audit?tenant=*&limit=200").await.json();
    let events = answer["events"].as_array().expect("a list").clone();
    let action = |e: &serde_json::Value| e["event"]["action"].as_str().expect("text").to_owned();
    let mut all: Vec<String> = events.iter().map(action).collect();
    all.retain(|action| action.starts_with("master_key."));
    all.reverse();
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kr_03_a_master_key_is_replaced_while_the_server_runs_and_the_old_one_leaves() {
    let (place, clock) = (Place::new(), Clock::manual(START));
    let node = opened(&place, &clock).await;
    let old = secret_of_new(&node.admin().await).await;
    let ops = node.ops().await;
    let answer = ops.post(ROTATE, &json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["inFile"], true);
    assert_eq!(node.states().await, [state("k1", "retiring"), state("k2", "writer")]);
    assert!(answer.json()["masterKeys"][0]["secretsLeft"].as_u64() > Some(0));
    let metadata = std::fs::metadata(file(&place)).unwrap();
    assert_eq!(metadata.mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(file(&place)).unwrap();
    assert!(
        text.starts_with("k2:") && text.contains(",k1:"),
        "the new one writes, the old one is there"
    );
    let new = secret_of_new(&node.admin().await).await;
    assert_eq!(ops.post(ROTATE, &json!({})).await.status, 409, "one change at a time");
    let early = ops.post("/v1/master-keys/k1/retire", &json!({})).await;
    assert_eq!(early.status, 409, "{}", early.text());

    node.service.reseal().await.unwrap();
    assert_eq!(node.states().await, [state("k1", "retired"), state("k2", "writer")]);
    let early = ops.post("/v1/master-keys/k1/retire", &json!({})).await;
    assert_eq!(early.status, 409, "repeated calls are known for a day: {}", early.text());
    clock.advance_millis(DAY_MS);
    // Memory proves four times a second that it is fresh.
    let mut ops = node.ops().await;
    while ops.get("/v1/master-keys").await.status != 200 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        ops = node.ops().await;
    }
    let answer = ops.post("/v1/master-keys/k1/retire", &json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["masterKeys"][0]["here"], false);
    let text = std::fs::read_to_string(file(&place)).unwrap();
    assert!(text.starts_with("k2:") && !text.contains("k1:"));
    for secret in [&old, &new] {
        assert_eq!(node.verdict(secret).await, "VALID");
    }
    let told = ["promote", "reseal", "retire", "rotate"].map(|verb| format!("master_key.{verb}"));
    let mut seen = events(&ops).await;
    seen.sort();
    assert_eq!(seen, told);
    assert_eq!(node.service.verify_audit(&[]).await.unwrap().findings, Vec::<String>::new());
    node.service.close().await;

    let again = opened(&place, &clock).await;
    for secret in [&old, &new] {
        assert_eq!(again.verdict(secret).await, "VALID", "without the old one");
    }
    again.service.close().await;
}

#[tokio::test]
async fn master_keys_are_the_operators_alone_and_what_cannot_be_is_refused() {
    let (place, clock) = (Place::new(), Clock::manual(START));
    let node = opened(&place, &clock).await;
    let (ops, admin) = (node.ops().await, node.admin().await);
    for (caller, status) in [(&node.anyone, 401), (&admin, 403)] {
        assert_eq!(caller.get("/v1/master-keys").await.status, status);
        assert_eq!(caller.post(ROTATE, &json!({})).await.status, status);
        assert_eq!(caller.post("/v1/master-keys/k1/retire", &json!({})).await.status, status);
    }
    assert_eq!(ops.get("/v1/master-keys?all=true").await.status, 400);
    assert_eq!(ops.post("/v1/master-keys/k7/retire", &json!({})).await.status, 404);
    let writing = ops.post("/v1/master-keys/k1/retire", &json!({})).await;
    assert_eq!(writing.status, 409, "{}", writing.text());
    std::fs::remove_file(file(&place)).unwrap();
    let refused = ops.post(ROTATE, &json!({})).await;
    assert_eq!((refused.status.as_u16(), refused.json()["code"].clone()), (409, "conflict".into()));
    assert_eq!(node.states().await, [state("k1", "writer")]);
    node.service.close().await;

    let place = Place::new();
    let node = Opened::at(&place, given(&[FIRST]), None, &clock).await.unwrap();
    let refused = node.ops().await.post(ROTATE, &json!({})).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.text().contains("stand in the configuration"), "{}", refused.text());
    node.service.close().await;
}

#[tokio::test]
async fn kr_03_a_key_file_that_somebody_changes_is_read_again() {
    let (place, clock) = (Place::new(), Clock::manual(START));
    let node = opened(&place, &clock).await;
    let old = secret_of_new(&node.admin().await).await;
    let before = std::fs::read_to_string(file(&place)).unwrap();
    std::fs::write(file(&place), format!("{},{before}", super::THIRD)).unwrap();
    node.service.settle_master_keys_now().await.unwrap();
    assert_eq!(node.states().await, [state("k1", "retiring"), state("third", "writer")]);
    node.service.reseal().await.unwrap();
    assert_eq!(node.states().await, [state("k1", "retired"), state("third", "writer")]);
    assert_eq!(node.verdict(&old).await, "VALID");
    // What cannot be used changes nothing.
    std::fs::write(file(&place), "nonsense").unwrap();
    node.service.settle_master_keys_now().await.unwrap();
    assert_eq!(node.states().await, [state("k1", "retired"), state("third", "writer")]);
    secret_of_new(&node.admin().await).await;
    node.service.close().await;
}
