//! `kill -9` in the middle of scheduled rotations leaves no key without a secret, and the next start goes on
//! with them.

use http::Method;
use it::{process::Process, world::Place};
use serde_json::{Value, json};
use std::time::Duration;

const KEYS: usize = 60;
const ROUNDS: usize = 5;

/// A key, and its newest secret that anybody saw.
struct Known {
    id: String,
    secret: String,
}

async fn sent(process: &Process, token: &str, method: Method, path: &str) -> Value {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let answer = process.send(method, path, &headers, "".into()).await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn is_valid(process: &Process, token: &str, secret: &str) -> bool {
    let question = json!({"secret": secret, "cost": 0});
    let answer = process.post("/v1/keys/verify", token, &question).await.expect("an answer");
    answer.json()["verdict"] == "VALID"
}

async fn make(process: &Process, token: &str) -> Vec<Known> {
    let mut keys = Vec::new();
    for n in 0..KEYS {
        let body = json!({
            "keyType": "nexus", "name": n.to_string(), "permissions": ["nexus:consumer:chat"],
            "rotation": {"everyDays": 7, "overlapSeconds": 86_400},
        });
        let made = process.post("/v1/keys", token, &body).await.expect("an answer").json();
        let text = |member: &str| made[member].as_str().expect("a text").to_owned();
        keys.push(Known { id: text("id"), secret: text("secret") });
    }
    keys
}

/// How many of the keys have had their turn.
async fn rotated(process: &Process, token: &str) -> usize {
    let keys = sent(process, token, Method::GET, "/v1/keys?keyType=nexus&limit=200").await;
    let of = |key: &&Value| key["rotation"]["dueAt"].as_str().is_some_and(|at| at > "2000");
    keys["keys"].as_array().expect("a list").iter().filter(of).count()
}

/// Waits until so many keys have had their turn.
async fn wait_for(process: &Process, token: &str, turns: usize) {
    while rotated(process, token).await < turns {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Each key has just had one turn: the secret that was known works beside the one that nobody saw yet.
async fn check_turn(process: &Process, tokens: [&str; 2], key: &mut Known) {
    let [admin, verifier] = tokens;
    let path = format!("/v1/keys/{}/secrets", key.id);
    let secrets = sent(process, admin, Method::GET, &path).await["secrets"].clone();
    assert_eq!(secrets.as_array().expect("a list").len(), 2, "{secrets}");
    assert!(is_valid(process, verifier, &key.secret).await, "the one before");
    let path = format!("/v1/keys/{}/reveal", key.id);
    let newest = sent(process, admin, Method::POST, &path).await["secret"].clone();
    let newest = newest.as_str().expect("a secret").to_owned();
    assert_ne!(newest, key.secret, "it had its turn");
    assert!(is_valid(process, verifier, &newest).await, "the newest one");
    key.secret = newest;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_leaves_no_key_on_a_schedule_without_a_secret_and_no_turn_out() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    // Good for every start: signing in takes as long as all the work.
    let token = process.token(r"t100\nexus").await.expect("a token");
    let verifier = process.verifier_token().await.expect("a token");
    let mut keys = make(&process, &token).await;
    process.kill();
    drop(process);
    let mut cut = 0;
    for round in 0..ROUNDS {
        // All are due at once, as after a long stop; each round is cut at another point of the work.
        let _ = place.sql("UPDATE keys SET rotate_at = 1000 WHERE rotate_at > 0");
        let process = Process::start(&place, "").await.expect("the program starts");
        wait_for(&process, &token, round * KEYS / ROUNDS).await;
        process.kill();
        drop(process);
        cut += place.sql("SELECT name FROM keys WHERE rotate_at = 1000").len();
        let process = Process::start(&place, "").await.expect("the program starts again");
        for key in &keys {
            assert!(is_valid(&process, &verifier, &key.secret).await, "round {round}");
        }
        wait_for(&process, &token, KEYS).await;
        for key in &mut keys {
            check_turn(&process, [&token, &verifier], key).await;
        }
        process.kill();
    }
    let process = Process::start(&place, "").await.expect("the program starts again");
    assert!(cut > 0, "no round was cut in the middle");
    let path = format!("/v1/audit?subject={}&action=key.rotate&limit=200", keys[0].id);
    let log = sent(&process, &token, Method::GET, &path).await;
    assert_eq!(log["events"].as_array().expect("events").len(), ROUNDS, "one a turn");
    assert_eq!(process.stop().await.expect("it stops"), 0);
}
