//! Everything that lies under the old master key is sealed anew, while everything goes on, and however
//! often that is cut off.

use super::{FIRST, Opened, SECOND, THIRD, given, secret_of_new};
use domain::id::TenantId;
use http::Method;
use it::{
    Caller,
    world::{CLIENT_SECRET, Place, START, TENANT},
};
use serde_json::{Map, json};
use service::clock::Clock;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

const KEYS: usize = 1_500;

/// One of each that is sealed, and many keys.
struct Full {
    imported: Vec<String>,
    recoverable: String,
    once: String,
    jwt: String,
    kid: String,
}

fn tenant() -> TenantId {
    TenantId::parse(TENANT).unwrap()
}

async fn fill(node: &Opened) -> Full {
    let (ops, admin) = (node.ops().await, node.admin().await);
    let imported: Vec<String> = (0..KEYS).map(|n| format!("imported-{n:05}-{}", n * 7)).collect();
    let lines: String = imported
        .iter()
        .map(|secret| {
            let item = json!({"tenant": TENANT, "keyType": "ges", "name": "k", "secret": secret});
            format!("{item}\n")
        })
        .collect();
    let media = Some("application/x-ndjson");
    let answer = ops.send(Method::POST, "/v1/keys/import", media, lines.into()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = json!({"keyType": "nexus", "name": "n", "permissions": ["nexus:consumer:chat"]});
    let made = admin.post("/v1/keys", &body).await.json();
    let recoverable = made["id"].as_str().expect("an id").to_owned();
    let once = secret_of_new(&admin).await;
    let body = json!({"keyType": "client", "name": "c"});
    let made = admin.post("/v1/keys", &body).await;
    let jwt = made.json()["secret"].as_str().expect("a JWT").to_owned();
    let issuer = json!({
        "name": "sso", "label": "Sign-in", "issuer": "https://sso.example", "clientId": "keyward",
        "clientSecret": "the secret of a client", "audiences": ["keyward-api"], "tokenTypes": ["JWT"],
    });
    let made = admin.post("/v1/issuers", &issuer).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let signing = node.service.realm_keys(tenant()).await.unwrap();
    let kid = signing.signing(START).expect("a key").kid.clone();
    Full { imported, recoverable, once, jwt, kid }
}

/// That nothing is missing: everything verifies, reveals, signs and proves itself.
async fn check(node: &Opened, full: &Full) {
    let verifier = node.anyone.clone().client_token("cluster-verifier", CLIENT_SECRET).await;
    for secret in full.imported.iter().step_by(97).chain([&full.once, &full.jwt]) {
        assert_eq!(verdict(&verifier, secret).await, "VALID", "{secret}");
    }
    let admin = node.admin().await;
    let path = format!("/v1/keys/{}/reveal", full.recoverable);
    let revealed = admin.post(&path, &json!({})).await;
    assert_eq!(revealed.status, 200, "{}", revealed.text());
    assert!(revealed.json()["secret"].as_str().is_some_and(|secret| secret.len() == 36));
    let signing = node.service.realm_keys(tenant()).await.unwrap();
    assert_eq!(signing.signing(START).expect("a key").kid, full.kid);
    node.service.sign_jwt(tenant(), "JWT", &Map::new()).await.unwrap();
    let body = json!({"keyType": "client", "name": "another"});
    assert_eq!(admin.post("/v1/keys", &body).await.status, 201, "the keys' own signer opens");
    let taken = json!({"keyType": "ges", "name": "k", "secret": full.imported[3]});
    assert_eq!(admin.post("/v1/keys", &taken).await.status, 409, "what is taken stays taken");
    assert_eq!(node.service.verify_audit(&[]).await.unwrap().findings, Vec::<String>::new());
}

async fn verdict(verifier: &Caller, secret: &str) -> serde_json::Value {
    let question = json!({"secret": secret, "cost": 0});
    verifier.post("/v1/keys/verify", &question).await.json()["verdict"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kr_03_everything_is_sealed_anew_while_keys_are_verified_and_made() {
    let place = Place::new();
    let node = Opened::with(&place, &[FIRST], None).await.unwrap();
    let full = Arc::new(fill(&node).await);
    node.service.close().await;

    let node = Arc::new(Opened::with(&place, &[SECOND, FIRST], None).await.unwrap());
    let (done, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let verifying = {
        let (node, full) = (Arc::clone(&node), Arc::clone(&full));
        let (done, asked) = (Arc::clone(&done), Arc::clone(&asked));
        tokio::spawn(async move {
            let verifier = node.anyone.clone();
            let verifier = verifier.client_token("cluster-verifier", CLIENT_SECRET).await;
            while !done.load(Ordering::Relaxed) {
                let n = usize::try_from(asked.fetch_add(1, Ordering::Relaxed)).unwrap();
                let secret = &full.imported[n * 31 % KEYS];
                assert_eq!(verdict(&verifier, secret).await, "VALID");
            }
        })
    };
    let making = {
        let (node, done) = (Arc::clone(&node), Arc::clone(&done));
        tokio::spawn(async move {
            let (admin, mut made) = (node.admin().await, Vec::new());
            while !done.load(Ordering::Relaxed) {
                let secret = secret_of_new(&admin).await;
                assert_eq!(node.verdict(&secret).await, "VALID");
                made.push(secret);
            }
            made
        })
    };
    let resealed = node.service.reseal().await;
    done.store(true, Ordering::Relaxed);
    resealed.unwrap();
    assert!(asked.load(Ordering::Relaxed) > 0, "they went on meanwhile");
    verifying.await.unwrap();
    let made = making.await.unwrap();
    let states = node.states().await;
    assert_eq!(states[0], ("first".to_owned(), "retired".to_owned()));
    check(&node, &full).await;
    node.service.close().await;

    // Nothing is under the old one: without it everything is as it was.
    let node = Opened::with(&place, &[SECOND], None).await.unwrap();
    check(&node, &full).await;
    for secret in &made {
        assert_eq!(node.verdict(secret).await, "VALID");
    }
    node.service.close().await;
}

/// Lets it run until it is cut off, each time at another point.
async fn cut_off(node: &Opened, round: u64) {
    let service = node.service.clone();
    let job = tokio::spawn(async move { service.reseal().await });
    tokio::time::sleep(Duration::from_micros(700 * (round * 7 % 24))).await;
    job.abort();
    let _ = job.await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kr_03_cut_off_at_any_point_it_goes_on_and_ends() {
    let (place, clock) = (Place::new(), Clock::manual(START));
    let node = Opened::at(&place, given(&[FIRST]), None, &clock).await.unwrap();
    let full = fill(&node).await;
    node.service.close().await;
    for round in 0..24 {
        let keys = if round < 12 { [SECOND, FIRST] } else { [THIRD, SECOND] };
        if round == 12 {
            // The first one goes, the third one comes.
            let node = Opened::at(&place, given(&[SECOND, FIRST]), None, &clock).await.unwrap();
            node.service.reseal().await.unwrap();
            check(&node, &full).await;
            node.service.close().await;
        }
        let node = Opened::at(&place, given(&keys), None, &clock).await.unwrap();
        cut_off(&node, round).await;
        let n = usize::try_from(round).unwrap() * 61 % KEYS;
        assert_eq!(node.verdict(&full.imported[n]).await, "VALID", "round {round}");
        node.service.close().await;
    }
    let node = Opened::at(&place, given(&[THIRD, SECOND]), None, &clock).await.unwrap();
    node.service.reseal().await.unwrap();
    node.service.close().await;
    let node = Opened::at(&place, given(&[THIRD]), None, &clock).await.unwrap();
    check(&node, &full).await;
    node.service.close().await;
}

#[tokio::test]
async fn kr_05_a_used_up_writer_stops_the_job_and_another_one_ends_it() {
    let place = Place::new();
    let node = Opened::with(&place, &[FIRST], None).await.unwrap();
    let secret = secret_of_new(&node.admin().await).await;
    node.service.close().await;
    let node = Opened::with(&place, &[SECOND, FIRST], Some(3)).await.unwrap();
    node.service.reseal().await.unwrap_err();
    assert_eq!(node.verdict(&secret).await, "VALID");
    node.service.close().await;
    let node = Opened::with(&place, &[SECOND, FIRST], None).await.unwrap();
    node.service.reseal().await.unwrap();
    assert_eq!(node.verdict(&secret).await, "VALID");
    node.service.close().await;
    Opened::with(&place, &[SECOND], None).await.unwrap().service.close().await;
}
