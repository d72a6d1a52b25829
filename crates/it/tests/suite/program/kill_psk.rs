//! `kill -9` in the middle of regenerations of one personal key leaves exactly one working secret.

use http::Method;
use it::{process::Process, world::Place};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const WRITERS: usize = 4;
const ROUNDS: usize = 6;
const PSK: &str = "/api/user/psk";

async fn got(process: &Process, token: &str, path: &str) -> Value {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    process.send(Method::GET, path, &headers, "".into()).await.expect("an answer").json()
}

/// Asks for new secrets until the process is gone.
async fn regenerate(process: Arc<Process>, token: Arc<String>, answered: Arc<Mutex<Vec<String>>>) {
    let path = format!("{PSK}/regenerate");
    while let Ok(answer) = process.post(&path, &token, &json!({})).await {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let secret = answer.json()["psk"].as_str().expect("a secret").to_owned();
        answered.lock().expect("the list").push(secret);
    }
}

/// Of all secrets that were answered, none works but the one that the key's hint belongs to. A commit
/// whose answer was lost with the process leaves none of them, and yet one that nobody knows.
async fn check(process: &Process, answered: &[String]) {
    let token = process.token(r"t100\nexus").await.expect("a token");
    let verifier = process.verifier_token().await.expect("a token");
    let keys = got(process, &token, "/v1/keys?keyType=psk").await;
    let keys = keys["keys"].as_array().expect("a list").clone();
    assert_eq!(keys.len(), 1);
    let hint = keys[0]["hint"].as_str().expect("a hint");
    for secret in answered {
        let question = json!({"secret": secret, "cost": 0});
        let answer =
            process.post("/v1/keys/verify", &verifier, &question).await.expect("an answer");
        let current = secret.ends_with(&hint[hint.len() - 4..]);
        let wanted = if current { "VALID" } else { "NOT_FOUND" };
        assert_eq!(answer.json()["verdict"], wanted, "hint {hint}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ot_03_a_killed_process_leaves_exactly_one_working_secret_of_a_personal_key() {
    let place = Place::new();
    let answered: Arc<Mutex<Vec<String>>> = Arc::default();
    for round in 0..ROUNDS {
        let process = Arc::new(Process::start(&place, "").await.expect("the program starts"));
        check_or_make(&process, &answered).await;
        let token = Arc::new(process.token(r"t100\nexus").await.expect("a token"));
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let (process, token) = (Arc::clone(&process), Arc::clone(&token));
                tokio::spawn(regenerate(process, token, Arc::clone(&answered)))
            })
            .collect();
        // Each round is cut at another point of the work.
        let begin = answered.lock().expect("the list").len();
        while answered.lock().expect("the list").len() < begin + 5 + 7 * round {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        process.kill();
        for writer in writers {
            writer.await.expect("no writer was refused");
        }
    }
    let process = Process::start(&place, "").await.expect("the program starts again");
    let known = answered.lock().expect("the list").clone();
    check(&process, &known).await;
    assert_eq!(process.stop().await.expect("it stops"), 0);
}

async fn check_or_make(process: &Process, answered: &Mutex<Vec<String>>) {
    let known = answered.lock().expect("the list").clone();
    if !known.is_empty() {
        return check(process, &known).await;
    }
    let token = process.token(r"t100\nexus").await.expect("a token");
    let made = process.post(PSK, &token, &json!({"description": null})).await.expect("an answer");
    let secret = made.json()["psk"].as_str().expect("a secret").to_owned();
    answered.lock().expect("the list").push(secret);
}
