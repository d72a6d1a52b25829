//! `kill -9` in the middle of concurrent creates loses no key that was answered.

use it::{
    process::{Process, program},
    world::{Place, TENANT},
};
use serde_json::json;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const WRITERS: usize = 16;
const ROUNDS: u64 = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_01_au_01_a_killed_process_loses_no_key_that_was_answered_and_its_log_is_whole() {
    let place = Place::new();
    let answered: Arc<Mutex<Vec<String>>> = Arc::default();
    for round in 0..ROUNDS {
        let process = Arc::new(Process::start(&place, "").await.expect("the program starts"));
        let token = Arc::new(process.token(r"t100\nexus").await.expect("a token"));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (process, token, answered) = (Arc::clone(&process), Arc::clone(&token), Arc::clone(&answered));
                tokio::spawn(async move {
                    for n in 0.. {
                        let name = format!("round {round}, writer {writer}, key {n}");
                        let body = json!({"tenant": TENANT, "name": name, "permissions": ["nexus:consumer:chat"]});
                        let Ok(answer) = process.post("/nexus/v3/apikeys", &token, &body).await else { return };
                        assert_eq!(answer.status, 200, "{}", answer.text());
                        let id = answer.json()["id"].as_str().expect("an id").to_owned();
                        answered.lock().expect("the list").push(id);
                    }
                })
            })
            .collect();
        // Each round is cut at another point of the work.
        let enough = 40 * (usize::try_from(round).expect("small") + 1);
        let begin = answered.lock().expect("the list").len();
        while answered.lock().expect("the list").len() < begin + enough {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // The writers are in flight: each ends when its connection does.
        process.kill();
        for writer in writers {
            writer.await.expect("no writer was refused");
        }
    }
    let process = Process::start(&place, "").await.expect("the program starts again");
    let token = process.verifier_token().await.expect("a token");
    let ids = answered.lock().expect("the list").clone();
    for id in &ids {
        let answer = process
            .post("/v1/keys/verify", &token, &json!({"secret": id, "cost": 0}))
            .await
            .expect("an answer");
        assert_eq!(answer.json()["verdict"], "VALID", "a key that was answered is gone");
    }
    let mut unique = ids.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), ids.len());

    assert_eq!(process.stop().await.expect("it stops"), 0);
    let file = place.folder().join("keyward.toml");
    let check = Command::new(program().expect("the program"))
        .args(["audit", "verify", "--config"])
        .arg(&file)
        .output()
        .expect("the check runs");
    let said = String::from_utf8_lossy(&check.stdout);
    assert_eq!(check.status.code(), Some(0), "{said}");
    assert!(said.contains("whole: "), "{said}");
}
