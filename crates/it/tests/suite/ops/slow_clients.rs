//! Many who say nothing, or say it slowly, beside few who want something.

use super::configured;
use it::{
    process::{Process, free_port},
    world::Place,
};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Of each kind. The figures for thousands are printed by `keyward bench slow`.
const ATTACKERS: usize = 60;
const GOOD_CALLS: usize = 300;

/// What each kind sends before it falls silent or slow.
const BEGINNINGS: [&str; 6] = [
    "",
    "GET / HTTP/1.1\r\nhost: a\r\nx-a: ",
    "POST /v1/keys/verify HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4000\r\n\r\n{",
    "POST /auth/v3/oauth/token HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4000\r\n\r\ng",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\u{16}\u{3}\u{1}",
];

/// Of those who prove who they are and then send their body a byte at a time, on each hot path.
const DRIPPING: usize = 10;
const HOT: [&str; 2] = ["/v1/keys/verify", "/v1/keys/verify-batch"];
/// Between two bytes: far less than any single wait may last.
const DROP: Duration = Duration::from_millis(250);

/// Sends byte after byte until it is hung up on.
async fn drip(port: u16, path: &str, token: String, closed: Arc<AtomicUsize>) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: 4000\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let (mut reading, mut writing) = stream.split();
    let (mut rest, mut drops) = (Vec::new(), tokio::time::interval(DROP));
    let mut hung_up = std::pin::pin!(reading.read_to_end(&mut rest));
    loop {
        tokio::select! {
            _ = &mut hung_up => break,
            _ = drops.tick() => {
                if writing.write_all(b" ").await.is_err() {
                    break;
                }
            }
        }
    }
    closed.fetch_add(1, Relaxed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ht_03_slow_and_silent_clients_stop_nobody_and_are_hung_up_on() {
    let place = Place::new();
    let port = free_port();
    let file = configured(&place, port, "", "").display().to_string();
    let process = Process::start_with(&place, port, &["serve", "--config", &file]).await;
    let process = Arc::new(process.expect("it starts"));
    let token = process.verifier_token().await.expect("a token");
    let closed = Arc::new(AtomicUsize::new(0));
    let mut attackers = Vec::new();
    for beginning in BEGINNINGS {
        for _ in 0..ATTACKERS {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
            stream.write_all(beginning.as_bytes()).await.expect("sent");
            let closed = Arc::clone(&closed);
            attackers.push(tokio::spawn(async move {
                let mut rest = Vec::new();
                let _ = stream.read_to_end(&mut rest).await;
                closed.fetch_add(1, Relaxed);
            }));
        }
    }
    for path in HOT {
        for _ in 0..DRIPPING {
            let closed = Arc::clone(&closed);
            attackers.push(tokio::spawn(drip(port, path, token.clone(), closed)));
        }
    }
    for _ in 0..GOOD_CALLS {
        let answer = process.post("/v1/keys/verify", &token, &json!({"secret": "x"})).await;
        assert_eq!(answer.expect("an answer").status, 200);
    }
    // The deadlines are those of a default start, so this test lasts as long as they do.
    for attacker in attackers {
        tokio::time::timeout(super::LONG, attacker)
            .await
            .expect("they are hung up on")
            .expect("joined");
    }
    let all = ATTACKERS * BEGINNINGS.len() + DRIPPING * HOT.len();
    assert_eq!(closed.load(Relaxed), all);
    let answer = process.post("/v1/keys/verify", &token, &json!({"secret": "x"})).await;
    assert_eq!(answer.expect("an answer").status, 200);
    assert_eq!(process.stop().await.expect("it stops"), 0);
}
