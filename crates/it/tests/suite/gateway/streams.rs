//! Bodies that are not held: both ways, piece by piece, as fast as the slower side.

use super::{Stage, call, client, get};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use it::upstream::Upstream;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// Reads until `wanted` stands in what came.
async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut text = String::new();
    let mut piece = [0; 4096];
    while !text.contains(wanted) {
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut piece)).await;
        let length = read.expect("in time").expect("a piece");
        assert_ne!(length, 0, "it ended: {text}");
        text.push_str(&String::from_utf8_lossy(&piece[..length]));
    }
    text
}

#[tokio::test]
async fn an_event_arrives_before_the_answer_ends() {
    let stage = Stage::start(|_| {}).await;
    let address = stage.listen().await;
    for http2 in [false, true] {
        let request = get(address, "/orders/events", &stage.key);
        let request = request.body(Full::new(Bytes::new())).expect("a request");
        let response = client(http2).request(request).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        let mut body = response.into_body();
        let first = body.frame().await.expect("a piece").expect("a piece");
        assert_eq!(first.into_data().expect("data"), "data: 1\n\n");
    }
}

#[tokio::test]
async fn a_body_is_sent_on_while_it_still_comes() {
    let stage = Stage::start(|_| {}).await;
    let mut stream = TcpStream::connect(stage.listen().await).await.expect("a connection");
    let head = format!(
        "POST /orders/echo HTTP/1.1\r\nhost: a\r\nx-api-key: {}\r\ntransfer-encoding: chunked\r\n\r\n",
        stage.key
    );
    stream.write_all(format!("{head}5\r\nfirst\r\n").as_bytes()).await.expect("sent");
    read_until(&mut stream, "first").await;
    stream.write_all(b"6\r\nsecond\r\n").await.expect("sent");
    read_until(&mut stream, "second").await;
    stream.write_all(b"0\r\n\r\n").await.expect("sent");
    read_until(&mut stream, "0\r\n\r\n").await;
}

#[tokio::test]
async fn a_continue_is_awaited_from_us_and_comes_when_the_call_may_pass() {
    let stage = Stage::start(|_| {}).await;
    let address = stage.listen().await;
    let head = |key: &str| {
        format!(
            "POST /orders HTTP/1.1\r\nhost: a\r\nx-api-key: {key}\r\ncontent-length: 4\r\nexpect: 100-continue\r\n\r\n"
        )
    };
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(head(&stage.key).as_bytes()).await.expect("sent");
    read_until(&mut stream, "100 Continue\r\n\r\n").await;
    stream.write_all(b"body").await.expect("sent");
    let answer = read_until(&mut stream, r#""bytes":4"#).await;
    assert!(!answer.contains("expect"), "{answer}");

    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(head("wrong").as_bytes()).await.expect("sent");
    let answer = read_until(&mut stream, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}

#[tokio::test]
async fn an_answer_may_begin_before_the_call_has_ended() {
    let stage = Stage::start(|_| {}).await;
    let mut stream = TcpStream::connect(stage.listen().await).await.expect("a connection");
    let head = format!(
        "POST /orders/early HTTP/1.1\r\nhost: a\r\nx-api-key: {}\r\ncontent-length: 10\r\n\r\n12345",
        stage.key
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let answer = read_until(&mut stream, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    stream.write_all(b"67890").await.expect("sent");
    read_until(&mut stream, "10\r\n").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_bodies_arrive_whole_in_both_directions() {
    const LENGTH: usize = 24 << 20;
    for upstream in [Upstream::start().await, Upstream::start_with_tls().await] {
        let stage = Stage::start_with(upstream, |_| {}, |_| {}).await;
        let address = stage.listen().await;
        for http2 in [false, true] {
            let path = format!("/orders/bytes/{LENGTH}");
            let answer = call(&client(http2), get(address, &path, &stage.key), "").await;
            assert_eq!(answer.expect("an answer").body.len(), LENGTH);
            let request =
                Request::post(format!("http://{address}/orders")).header("x-api-key", &stage.key);
            let answer = call(&client(http2), request, vec![b'x'; LENGTH]).await;
            assert_eq!(answer.expect("an answer").json()["bytes"], LENGTH);
        }
    }
}

#[tokio::test]
async fn trailers_pass_in_both_directions() {
    for upstream in [Upstream::start().await, Upstream::start_with_tls().await] {
        let stage = Stage::start_with(upstream, |_| {}, |_| {}).await;
        let address = stage.listen().await;
        let request = get(address, "/orders/trailers", &stage.key).header("te", "trailers");
        let request = request.body(Full::new(Bytes::new())).expect("a request");
        let response = client(true).request(request).await.expect("an answer");
        let body = response.into_body().collect().await.expect("a body");
        assert_eq!(body.trailers().expect("trailers")["x-sum"], "42");

        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let text = format!(
            "POST /orders HTTP/1.1\r\nhost: a\r\nx-api-key: {}\r\ntransfer-encoding: chunked\r\ntrailer: x-end\r\n\r\n4\r\nbody\r\n0\r\nx-end: 1\r\n\r\n",
            stage.key
        );
        stream.write_all(text.as_bytes()).await.expect("sent");
        let answer = read_until(&mut stream, "\"trailers\":").await;
        assert!(answer.contains(r#"[["x-end","1"]]"#), "{answer}");
    }
}
