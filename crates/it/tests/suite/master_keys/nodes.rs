//! Several nodes of one PostgreSQL: a new master key writes when all of them have it, and a node that
//! lacks one that is in use answers nothing rather than something wrong.
//!
//! SQLite has one node; there is nothing to agree on.

use super::{FIRST, Opened, SECOND, given, secret_of_new};
use it::world::{Place, START};
use serde_json::json;
use service::{clock::Clock, open::OpenError};
use std::time::Duration;

async fn node(place: &Place, keys: &[&str], clock: &Clock) -> Result<Opened, OpenError> {
    Opened::at(place, given(keys), None, clock).await
}

fn is_shared(place: &Place) -> bool {
    place.database_value() != "sqlite"
}

async fn states(node: &Opened) -> Vec<String> {
    node.states().await.into_iter().map(|(_, state)| state).collect()
}

async fn create_chosen(node: &Opened, secret: &str) -> u16 {
    let body = json!({"keyType": "ges", "name": "k", "secret": secret});
    node.admin().await.post("/v1/keys", &body).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kr_03_a_new_master_key_writes_when_every_node_has_it() {
    let (place, clock) = (Place::new(), Clock::manual(START));
    if !is_shared(&place) {
        return;
    }
    let old = node(&place, &[FIRST], &clock).await.unwrap();
    let secret = secret_of_new(&old.admin().await).await;
    let new = node(&place, &[SECOND, FIRST], &clock).await.unwrap();
    assert_eq!(states(&new).await, ["writer", "known"], "one node lacks it");
    // Both write under the old one, and see each other's.
    assert_eq!(create_chosen(&new, "a-secret-of-two-nodes-1").await, 201);
    assert_eq!(create_chosen(&old, "a-secret-of-two-nodes-1").await, 409);
    old.service.close().await;
    let other = node(&place, &[FIRST, SECOND], &clock).await.unwrap();
    new.service.settle_master_keys_now().await.unwrap();
    assert_eq!(states(&new).await, ["retiring", "writer"]);
    // One that has not heard of it yet still writes under the old one: the secret is taken all the same.
    assert_eq!(create_chosen(&other, "a-secret-of-two-nodes-2").await, 201);
    assert_eq!(create_chosen(&new, "a-secret-of-two-nodes-2").await, 409);
    assert_eq!(create_chosen(&new, "a-secret-of-two-nodes-3").await, 201);
    assert_eq!(create_chosen(&other, "a-secret-of-two-nodes-3").await, 409);
    new.service.reseal().await.unwrap();
    assert_eq!(states(&new).await, ["retiring", "writer"], "the other node still writes under it");
    other.service.settle_master_keys_now().await.unwrap();
    new.service.settle_master_keys_now().await.unwrap();
    new.service.reseal().await.unwrap();
    assert_eq!(states(&other).await, ["retired", "writer"]);
    for one in [&new, &other] {
        assert_eq!(one.verdict(&secret).await, "VALID");
        assert_eq!(one.verdict("a-secret-of-two-nodes-2").await, "VALID");
    }
    let refused = node(&place, &[FIRST], &clock).await.err().expect("it lacks the writer");
    assert!(matches!(&refused, OpenError::MasterKeyInUse(name) if name == "second"), "{refused}");
    new.service.close().await;
    other.service.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kr_03_a_node_that_was_away_and_lacks_the_master_key_answers_503() {
    let (place, clock) = (Place::new(), Clock::manual(START));
    if !is_shared(&place) {
        return;
    }
    let away = node(&place, &[FIRST], &clock).await.unwrap();
    let secret = secret_of_new(&away.admin().await).await;
    let verifier = away.anyone.clone();
    let verifier = verifier.client_token("cluster-verifier", it::world::CLIENT_SECRET).await;
    let question = json!({"secret": secret, "cost": 0});
    assert_eq!(verifier.post("/v1/keys/verify", &question).await.status, 200);
    // It has not been heard of for more than a minute.
    clock.advance_millis(61_000);
    let new = node(&place, &[SECOND, FIRST], &clock).await.unwrap();
    assert_eq!(states(&new).await, ["retiring", "writer"]);
    let mut status = 200;
    for _ in 0..400 {
        status = verifier.post("/v1/keys/verify", &question).await.status.as_u16();
        if status == 503 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(status, 503, "neither VALID by luck nor NOT_FOUND");
    assert_eq!(new.verdict(&secret).await, "VALID");
    away.service.close().await;
    new.service.close().await;
}

/// Neither would see the other's row, nor would an index hold them apart: they lie under two look-ups.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kr_03_of_two_nodes_that_write_one_secret_under_two_master_keys_one_gets_it() {
    let (place, clock) = (Place::new(), Clock::manual(START));
    if !is_shared(&place) {
        return;
    }
    let old = node(&place, &[FIRST, SECOND], &clock).await.unwrap();
    let new = node(&place, &[SECOND, FIRST], &clock).await.unwrap();
    assert_eq!(states(&new).await, ["retiring", "writer"]);
    let (by_old, by_new) = (old.admin().await, new.admin().await);
    for n in 0..20 {
        let secret = format!("a-secret-of-two-nodes-{n}");
        let body = json!({"keyType": "ges", "name": "k", "secret": secret});
        let (one, other) =
            tokio::join!(by_old.post("/v1/keys", &body), by_new.post("/v1/keys", &body));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "round {n}");
    }
    old.service.settle_master_keys_now().await.unwrap();
    new.service.reseal().await.unwrap();
    assert_eq!(states(&new).await, ["retired", "writer"]);
    old.service.close().await;
    new.service.close().await;
}
