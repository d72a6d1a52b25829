//! Connections that leave HTTP.

use super::{Stage, configure, route};
use domain::{gateway_route::GatewayRoute, key_type::Place};
use it::upstream::Upstream;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::oneshot,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// Opens a tunnel; the answer's head and the connection.
async fn open(address: std::net::SocketAddr, key: &str) -> (String, TcpStream) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let head = format!(
        "GET /orders/socket HTTP/1.1\r\nhost: a\r\nx-api-key: {key}\r\nconnection: keep-alive, Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let byte = tokio::time::timeout(PATIENCE, stream.read_u8()).await.expect("in time");
        answer.push(byte.expect("a head"));
    }
    (String::from_utf8_lossy(&answer).into_owned(), stream)
}

async fn echoed(stream: &mut TcpStream, text: &[u8]) -> std::io::Result<Vec<u8>> {
    stream.write_all(text).await?;
    let mut back = vec![0; text.len()];
    tokio::time::timeout(PATIENCE, stream.read_exact(&mut back)).await.expect("in time")?;
    Ok(back)
}

/// Nothing comes back any more.
async fn ended(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    drop(read.expect("it ends"));
}

#[tokio::test]
async fn bytes_go_both_ways_until_one_side_ends() {
    let stage = Stage::start(|_| {}).await;
    let address = stage.listen().await;
    let (head, mut stream) = open(address, &stage.key).await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert!(head.to_lowercase().contains("\r\nupgrade: websocket\r\n"), "{head}");
    for text in [&b"hello"[..], &[0; 10_000], b"GET / HTTP/1.1\r\n\r\n"] {
        assert_eq!(echoed(&mut stream, text).await.expect("an echo"), text);
    }
    stream.shutdown().await.expect("an end");
    ended(&mut stream).await;
}

#[tokio::test]
async fn a_tunnel_is_opened_by_a_good_key_alone() {
    let stage = Stage::start(|_| {}).await;
    let (head, _stream) = open(stage.listen().await, "wrong").await;
    assert!(head.starts_with("HTTP/1.1 401 "), "{head}");
    assert_eq!(stage.upstream.calls(), 0);
}

#[tokio::test]
async fn a_tunnel_ends_when_its_key_is_revoked() {
    let stage = Stage::start(|route| route.timeouts.idle_ms = 800).await;
    let (_, mut stream) = open(stage.listen().await, &stage.key).await;
    assert_eq!(echoed(&mut stream, b"hello").await.expect("an echo"), b"hello");
    let key = stage.caller().get("/v1/whoami").await.json()["id"].clone();
    let path = format!("/v1/keys/{}/revoke", key.as_str().expect("an id"));
    assert!(stage.admin.act(&path).await.status.is_success());
    // Kept busy, it is not silence that ends it.
    while echoed(&mut stream, b"still here").await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_tunnel_ends_when_its_route_is_gone_or_would_not_let_it_pass() {
    let second = Upstream::start().await;
    let changes: [&dyn Fn(&mut GatewayRoute); 6] = [
        &|route| route.prefix = "/elsewhere".to_owned(),
        &|route| route.upstream.port = second.address.port(),
        &|route| route.host = Some("api.example".to_owned()),
        &|route| route.policy.key_types = vec!["nexus".to_owned()],
        &|route| route.policy.wanted.permissions = vec!["orders:write".to_owned()],
        &|route| route.policy.presented_in = vec![Place::Bearer],
    ];
    let stage = Stage::start(|_| {}).await;
    let address = stage.listen().await;
    let orders = || {
        let mut orders = route("orders", "/orders", &stage.upstream);
        orders.timeouts.idle_ms = 200;
        orders
    };
    for change in changes.into_iter().map(Some).chain([None]) {
        configure(&stage.world, vec![orders()]);
        let (_, mut stream) = open(address, &stage.key).await;
        assert_eq!(echoed(&mut stream, b"hello").await.expect("an echo"), b"hello");
        let mut changed = orders();
        let left = change.map(|change| {
            change(&mut changed);
            changed
        });
        configure(&stage.world, left.into_iter().collect());
        while echoed(&mut stream, b"still here").await.is_ok() {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_tunnel_outlasts_changes_that_do_not_concern_it() {
    let stage = Stage::start(|route| route.timeouts.idle_ms = 200).await;
    let (_, mut stream) = open(stage.listen().await, &stage.key).await;
    let mut dearer = route("orders", "/orders", &stage.upstream);
    dearer.policy.cost = 2;
    configure(&stage.world, vec![dearer, route("more", "/more", &stage.upstream)]);
    // For as long as a few looks at its route take.
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_millis(400) {
        assert_eq!(echoed(&mut stream, b"still here").await.expect("an echo"), b"still here");
    }
}

#[tokio::test]
async fn a_silent_tunnel_ends_after_the_route_s_time() {
    let stage = Stage::start(|route| route.timeouts.idle_ms = 50).await;
    let (head, mut stream) = open(stage.listen().await, &stage.key).await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    ended(&mut stream).await;
}

#[tokio::test]
async fn tunnels_end_when_the_server_stops() {
    let stage = Stage::start(|_| {}).await;
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let surfaces = server::peer::SurfaceSet::ALL;
    let config = server::ListenerConfig { address, surfaces, certificate: None };
    let listeners = server::Listeners::bind(&[config]).await.expect("a socket");
    let address = listeners.addresses().expect("addresses")[0];
    let (stop, stopped) = oneshot::channel::<()>();
    let app = stage.world.app.clone();
    let serving = tokio::spawn(server::serve(listeners, app, async move {
        drop(stopped.await);
    }));
    let (_, mut stream) = open(address, &stage.key).await;
    assert_eq!(echoed(&mut stream, b"hello").await.expect("an echo"), b"hello");
    stop.send(()).expect("it listens");
    ended(&mut stream).await;
    assert_eq!(serving.await.expect("it stops"), 0, "nothing had to be dropped");
}

#[tokio::test]
async fn an_upstream_that_does_not_agree_answers_as_usual() {
    let stage = Stage::start(|_| {}).await;
    let mut other = route("other", "/orders/socket", &stage.upstream);
    other.strip_prefix = true;
    configure(&stage.world, vec![other]);
    let (head, _stream) = open(stage.listen().await, &stage.key).await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
}
