//! `kill -9` while the master key is replaced, at whatever point: the next start goes on with it.

use http::Method;
use it::{
    process::Process,
    world::{Place, TENANT},
};
use serde_json::{Value, json};
use std::time::Duration;

const KEYS: usize = 1_000;
const ROUNDS: u64 = 24;

async fn import(process: &Process) -> Vec<String> {
    let ops = process.token("ops").await.expect("a token");
    let secrets: Vec<String> = (0..KEYS).map(|n| format!("imported-{n:05}-{}", n * 7)).collect();
    let lines: String = secrets
        .iter()
        .map(|secret| {
            let item = json!({"tenant": TENANT, "keyType": "ges", "name": "k", "secret": secret});
            format!("{item}\n")
        })
        .collect();
    let bearer = format!("Bearer {ops}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-ndjson")];
    let answer = process.send(Method::POST, "/v1/keys/import", &headers, lines.into()).await;
    assert_eq!(answer.expect("an answer").status, 200);
    secrets
}

async fn status(process: &Process) -> Vec<Value> {
    let bearer = format!("Bearer {}", process.token("ops").await.expect("a token"));
    let headers = [("authorization", bearer.as_str())];
    let answer = process.send(Method::GET, "/v1/master-keys", &headers, "".into()).await;
    answer.expect("an answer").json()["masterKeys"].as_array().expect("a list").clone()
}

async fn verify(process: &Process, secrets: &[String], step: usize) {
    let token = process.verifier_token().await.expect("a token");
    for secret in secrets.iter().step_by(step) {
        let question = json!({"secret": secret, "cost": 0});
        let answer = process.post("/v1/keys/verify", &token, &question).await.expect("an answer");
        assert_eq!(answer.json()["verdict"], "VALID", "{secret}");
    }
}

/// Whether nothing is under way, and how many master keys were ever made.
async fn settled(process: &Process) -> (bool, usize) {
    let keys = status(process).await;
    let busy = |key: &Value| !matches!(key["state"].as_str(), Some("writer" | "retired"));
    (!keys.iter().any(busy), keys.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kr_03_a_killed_process_goes_on_replacing_its_master_key() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let secrets = import(&process).await;
    process.kill();
    drop(process);
    for round in 0..ROUNDS {
        let process = Process::start(&place, "").await.expect("the program starts");
        verify(&process, &secrets, 191).await;
        let ops = process.token("ops").await.expect("a token");
        // 409 while the last one is still under way.
        let (body, time) = (json!({}), Duration::from_millis(round * 37 % 400));
        let rotating = process.post("/v1/master-keys/rotate", &ops, &body);
        let _ = tokio::join!(tokio::time::timeout(time, rotating), tokio::time::sleep(time));
        process.kill();
    }
    let process = Process::start(&place, "").await.expect("the program starts again");
    let mut made = settled(&process).await;
    // On PostgreSQL those that were killed count as nodes that live, for a minute.
    for _ in 0..1_000 {
        if made.0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        made = settled(&process).await;
    }
    assert!(made.0, "it ends: {:?}", status(&process).await);
    let several = if place.database_value() == "sqlite" { 3 } else { 2 };
    assert!(made.1 >= several, "some took over: {}", made.1);
    verify(&process, &secrets, 7).await;
    assert_eq!(process.stop().await.expect("it stops"), 0);
    // The old ones can go: nothing lies under them.
    let file = place.folder().join("data/master.key");
    let text = std::fs::read_to_string(&file).expect("the key file");
    let newest = text.split(',').next().expect("a key");
    std::fs::write(&file, newest).expect("the key file is written");
    let process = Process::start(&place, "").await.expect("it starts without the old ones");
    verify(&process, &secrets, 7).await;
    assert_eq!(process.stop().await.expect("it stops"), 0);
}
