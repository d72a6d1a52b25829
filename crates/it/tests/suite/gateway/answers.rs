//! What of the upstream's answer reaches the client.

use super::Stage;
use http::Method;
use it::upstream::Upstream;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

#[tokio::test]
async fn an_answer_passes_as_it_is_but_for_what_was_for_the_connection() {
    let stage = Stage::start(|_| {}).await;
    let answer = stage.caller().get("/orders/headers").await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "ok"));
    assert_eq!(answer.header("server"), "upstream");
    assert_eq!(answer.header("cache-control"), "max-age=60");
    assert_eq!(answer.header("set-cookie"), "a=1");
    assert_eq!(answer.header("ratelimit"), "\"theirs\";r=1;t=1");
    assert_ne!(answer.header("x-request-id"), "theirs");
    let ours = ["x-keyward-secret-ends", "x-keyward-days-left"];
    for name in ours {
        assert_eq!(answer.header(name), "", "{name}: we alone say when a key ends");
    }
    for name in ["x-private", "connection", "keep-alive", "access-control-allow-origin"] {
        assert_eq!(answer.header(name), "", "{name}");
    }
    assert_eq!(answer.header("x-content-type-options"), "", "our own answers alone have that");
}

#[tokio::test]
async fn a_caller_is_told_when_its_secret_and_its_key_end() {
    let stage = Stage::start(|_| {}).await;
    let keys = stage.admin.get("/v1/keys?keyType=api").await.json();
    let path = format!("/v1/keys/{}", keys["keys"][0]["id"].as_str().expect("an id"));
    let end = json!({"expires": "2026-03-06T12:00:00Z"});
    assert_eq!(stage.admin.patch(&path, &end).await.status, 200);
    let overlap = json!({"overlapSeconds": 600});
    let rotated = stage.admin.post(&format!("{path}/rotate"), &overlap).await.json();
    let told = async |secret: &str, path: &str| {
        let caller = stage.world.anonymous().with_header("x-api-key", secret);
        let answer = caller.with_header("x-keyward-days-left", "999").get(path).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        ["x-keyward-secret-ends", "x-keyward-days-left"].map(|n| answer.header(n).to_owned())
    };
    for path in ["/orders", "/orders/headers"] {
        assert_eq!(told(&stage.key, path).await, ["2026-03-01T12:10:00.000Z", "5"], "{path}");
        let new = rotated["secret"].as_str().expect("a secret");
        assert_eq!(told(new, path).await, ["", "5"], "{path}");
    }
}

#[tokio::test]
async fn statuses_pass_and_a_redirection_is_the_client_s_to_follow() {
    let stage = Stage::start(|_| {}).await;
    for status in [201, 302, 307, 404, 409, 500, 503] {
        let answer = stage.caller().get(&format!("/orders/status/{status}")).await;
        assert_eq!(answer.status, status);
    }
    assert_eq!(stage.upstream.calls(), 7);
}

#[tokio::test]
async fn the_head_alone_comes_of_a_head() {
    let stage = Stage::start(|_| {}).await;
    let answer = stage.caller().send(Method::HEAD, "/orders", None, "".into()).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    assert_ne!(answer.header("content-length"), "0");
    assert_eq!(stage.caller().get("/orders").await.status, 200);
    assert_eq!(stage.upstream.connections(), 1, "and the connection is kept");
}

#[tokio::test]
async fn connections_to_the_upstream_are_kept_and_http_2_shares_one() {
    for upstream in [Upstream::start().await, Upstream::start_with_tls().await] {
        let version = if upstream.authority.is_some() { "HTTP/2.0" } else { "HTTP/1.1" };
        let stage = Stage::start_with(upstream, |_| {}, |_| {}).await;
        for _ in 0..20 {
            let answer = stage.caller().get("/orders").await;
            assert_eq!((answer.status.as_u16(), &answer.json()["version"]), (200, &version.into()));
        }
        assert_eq!(stage.upstream.connections(), 1, "{version}");
        let calls = (0..50).map(|_| {
            let caller = stage.caller();
            tokio::spawn(async move { caller.get("/orders/bytes/100000").await.body.len() })
        });
        for call in calls.collect::<Vec<_>>() {
            assert_eq!(call.await.expect("it ends"), 100_000);
        }
        if version == "HTTP/2.0" {
            assert_eq!(stage.upstream.connections(), 1);
        }
    }
}

#[tokio::test]
async fn the_client_s_own_host_is_kept_over_tls_too() {
    let upstream = Upstream::start_with_tls().await;
    let stage = Stage::start_with(upstream, |_| {}, |route| route.forward_host = true).await;
    let told = stage.caller().get("/orders").await.json();
    assert_eq!(super::seen(&told, "host"), ["127.0.0.1:8080"]);
    assert_eq!(told["version"], "HTTP/1.1");
}

#[tokio::test]
async fn figures_carry_the_route_s_name_and_no_path() {
    let stage = Stage::start(|_| {}).await;
    stage.caller().get("/orders/secret-path?x=secret-query").await;
    stage.world.anonymous().get("/orders/secret-path").await;
    let text = server::ops::metrics::render(stage.world.app.app()).await;
    for line in [
        "keyward_gateway_requests_total{route=\"orders\",status=\"2xx\"} 1",
        "keyward_gateway_requests_total{route=\"orders\",status=\"4xx\"} 1",
        "keyward_gateway_seconds_count{route=\"orders\"} 2",
    ] {
        assert!(text.contains(line), "{line}");
    }
    assert!(!text.contains("secret"));
}

#[tokio::test]
async fn the_answer_of_an_upstream_that_speaks_http_1_0_is_said_in_ours() {
    let stage = Stage::start(|_| {}).await;
    let old = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let mut orders = super::route("orders", "/orders", &stage.upstream);
    orders.upstream.port = old.local_addr().expect("an address").port();
    super::configure(&stage.world, vec![orders]);
    tokio::spawn(async move {
        let (mut stream, _) = old.accept().await.expect("a connection");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("a head"));
        }
        stream
            .write_all(b"HTTP/1.0 200 OK\r\ncontent-length: 12\r\n\r\n{\"old\":true}")
            .await
            .expect("sent");
    });
    let address = stage.listen().await;
    let call = format!("GET /orders HTTP/1.1\r\nhost: a\r\nx-api-key: {}\r\n\r\n", stage.key);
    let answer = super::exchanged(address, &call).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}
