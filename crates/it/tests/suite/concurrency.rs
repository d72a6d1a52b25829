//! Many at once: nothing lost, nothing twice.

use it::{World, world::TENANT};
use serde_json::json;
use std::collections::HashSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_concurrent_creates_lose_nothing_and_duplicate_nothing() {
    let world = World::start().await;
    let caller = world.person(r"t100\nexus").await;
    let creates: Vec<_> = (0..1_000)
        .map(|n| {
            let caller = caller.clone();
            tokio::spawn(async move {
                let body = json!({"tenant": TENANT, "name": format!("key {n}"), "permissions": ["nexus:consumer:chat"]});
                loop {
                    let answer = caller.post("/nexus/v3/apikeys", &body).await;
                    // A full queue sheds load and says when to come back; nothing was made then.
                    if answer.status == 503 {
                        assert_ne!(answer.header("retry-after"), "");
                        tokio::task::yield_now().await;
                        continue;
                    }
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    return answer.json()["id"].as_str().expect("an id").to_owned();
                }
            })
        })
        .collect();
    let mut ids = HashSet::new();
    for create in creates {
        assert!(ids.insert(create.await.expect("a create")), "one secret twice");
    }
    let listed = caller.get(&format!("/nexus/v3/apikeys?tenant={TENANT}")).await.json();
    let listed: HashSet<String> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|k| k["id"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(listed, ids);
    let verifier = world.client("cluster-verifier").await;
    for id in &ids {
        let answer = verifier.post("/v1/keys/verify", &json!({"secret": id})).await;
        assert_eq!(answer.json()["verdict"], "VALID");
    }
    let world = world.restart().await;
    let caller = world.person(r"t100\nexus").await;
    let again = caller.get(&format!("/nexus/v3/apikeys?tenant={TENANT}")).await.json();
    assert_eq!(again.as_array().map(Vec::len), Some(1_000));
}
