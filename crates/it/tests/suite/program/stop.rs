//! SIGTERM under load: clients that keep their connections lose nothing.

use it::{
    process::Process,
    world::{Place, TENANT},
};
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};
use std::time::Duration;

const CLIENTS: usize = 16;
const ROUNDS: usize = 3;

/// Whether nobody listens any more: the end of the server, not a request that failed.
fn is_refused(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<hyper_util::client::legacy::Error>()
        .is_some_and(hyper_util::client::legacy::Error::is_connect)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_24_asked_to_stop_under_load_no_request_fails() {
    let place = Place::new();
    for round in 0..ROUNDS {
        let process = Arc::new(Process::start(&place, "").await.expect("the program starts"));
        let verifier = Arc::new(process.verifier_token().await.expect("a token"));
        let admin = Arc::new(process.token(r"t100\nexus").await.expect("a token"));
        let done = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (process, done) = (Arc::clone(&process), Arc::clone(&done));
                let (verifier, admin) = (Arc::clone(&verifier), Arc::clone(&admin));
                tokio::spawn(async move {
                    loop {
                        // Every eighth client writes.
                        let answer = if client % 8 == 0 {
                            let body = json!({"tenant": TENANT, "name": "k", "permissions": ["nexus:consumer:chat"]});
                            process.post("/nexus/v3/apikeys", &admin, &body).await
                        } else {
                            process.post("/v1/keys/verify", &verifier, &json!({"secret": "x"})).await
                        };
                        match answer {
                            Ok(answer) if answer.status == 200 => drop(done.fetch_add(1, Relaxed)),
                            Ok(answer) => panic!("{}: {}", answer.status, answer.text()),
                            Err(error) if is_refused(&error) => return,
                            Err(error) => panic!("round {round}: a request was lost: {error:?}"),
                        }
                    }
                })
            })
            .collect();
        while done.load(Relaxed) < 500 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(process.stop().await.expect("it stops"), 0);
        for client in clients {
            client.await.expect("a client without a failure");
        }
    }
}
