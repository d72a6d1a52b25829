#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::{answer, connection::WatchedBody, extract::body, peer::SurfaceSet};
use http::StatusCode;
use std::{
    pin::Pin,
    sync::atomic::{AtomicU32, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::{Notify, oneshot},
    task::JoinHandle,
};

pub(super) struct Server {
    pub(super) address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<usize>,
}

/// Short deadlines; the one that a test is about is shorter still.
pub(super) fn limits() -> Limits {
    let long = Duration::from_secs(30);
    Limits { first_byte: long, header: long, body: long, idle: long, ..Limits::default() }
}

async fn start(limits: Limits, answer: impl Answer) -> Server {
    start_with(limits, None, answer).await
}

pub(super) async fn start_with(
    limits: Limits,
    certificate: Option<Certificate>,
    answer: impl Answer,
) -> Server {
    let address = "127.0.0.1:0".parse().unwrap();
    let listeners =
        Listeners::bind(&[ListenerConfig { address, surfaces: SurfaceSet::ALL, certificate }])
            .await
            .unwrap();
    let address = *listeners.addresses().unwrap().first().unwrap();
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(run(listeners, limits, Arc::default(), answer, async {
        let _ = stopped.await;
    }));
    Server { address, stop, serving }
}

pub(super) fn echo() -> impl Answer {
    |peer: Peer, request: hyper::Request<WatchedBody>| async move {
        assert!(peer.address.is_some_and(|a| a.is_loopback()));
        match body::read(request.into_body(), 1_000, None).await {
            Ok(bytes) => answer::with_type(StatusCode::OK, "text/plain", bytes),
            Err(failure) => answer::with_type(failure.status(), "text/plain", failure.code()),
        }
    }
}

/// What the server sends until it hangs up.
pub(super) async fn until_closed(stream: &mut TcpStream) -> String {
    let mut received = Vec::new();
    let read = stream.read_to_end(&mut received);
    // A reset is a hang-up too.
    let _ = tokio::time::timeout(Duration::from_secs(5), read).await.expect("the server hangs up");
    String::from_utf8_lossy(&received).into_owned()
}

async fn connect(server: &Server, bytes: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    stream
}

pub(super) const SHORT: Duration = Duration::from_millis(40);

#[tokio::test]
async fn ht_03_a_connection_that_never_speaks_is_closed() {
    let server = start(Limits { first_byte: SHORT, ..limits() }, echo()).await;
    assert_eq!(until_closed(&mut connect(&server, "").await).await, "");
}

#[tokio::test]
async fn ht_03_a_header_that_dawdles_is_closed() {
    let server = start(Limits { header: SHORT, ..limits() }, echo()).await;
    assert_eq!(
        until_closed(&mut connect(&server, "GET / HTTP/1.1\r\nhost: a\r\n").await).await,
        ""
    );
    // HTTP/2 too: the preface and nothing else.
    let _ = until_closed(&mut connect(&server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await).await;
}

#[tokio::test]
async fn ht_03_a_body_that_dawdles_is_closed() {
    let server = start(Limits { body: SHORT, ..limits() }, echo()).await;
    let head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc";
    assert_eq!(until_closed(&mut connect(&server, head).await).await, "");
}

#[tokio::test]
async fn a_handler_that_takes_its_time_over_a_piece_of_a_body_is_left_alone() {
    let waits = Arc::new(Notify::new());
    let begun = Arc::clone(&waits);
    let slow = move |_: Peer, request: hyper::Request<WatchedBody>| {
        let begun = Arc::clone(&begun);
        async move {
            let (mut body, mut pieces) = (request.into_body(), 0);
            begun.notify_one();
            while let Some(Ok(_)) =
                std::future::poll_fn(|cx| http_body::Body::poll_frame(Pin::new(&mut body), cx))
                    .await
            {
                pieces += 1;
                // Longer than a client may take.
                tokio::time::sleep(SHORT * 10).await;
            }
            answer::with_type(StatusCode::OK, "text/plain", pieces.to_string())
        }
    };
    let server = start(Limits { body: SHORT * 5, ..limits() }, slow).await;
    let head =
        "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut stream = connect(&server, head).await;
    waits.notified().await;
    stream.write_all(b"3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n").await.unwrap();
    let answer = until_closed(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with('2'), "{answer}");
}

#[tokio::test]
async fn ht_03_an_idle_connection_is_closed_after_its_answers() {
    let server = start(Limits { idle: SHORT, ..limits() }, echo()).await;
    let request = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc";
    let answers = until_closed(&mut connect(&server, &request.repeat(2)).await).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2, "{answers}");
}

#[tokio::test]
async fn ht_02_too_many_or_too_large_header_fields_are_refused() {
    let server = start(limits(), echo()).await;
    let many: String = (0..101).map(|n| format!("x-{n}: 1\r\n")).collect();
    for fields in [many, format!("x: {}\r\n", "a".repeat(200_000))] {
        let mut stream = connect(&server, "GET / HTTP/1.1\r\nhost: a\r\n").await;
        let _ = stream.write_all(fields.as_bytes()).await;
        let _ = stream.write_all(b"\r\n").await;
        let answer = until_closed(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    }
}

#[tokio::test]
async fn connections_over_the_cap_wait_for_a_place() {
    let server = start(Limits { connections: 1, ..limits() }, echo()).await;
    let request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    let mut first = connect(&server, request).await;
    let mut byte = [0];
    first.read_exact(&mut byte).await.unwrap();
    let mut second = connect(&server, request).await;
    let early = tokio::time::timeout(SHORT, second.read_exact(&mut byte)).await;
    assert!(early.is_err(), "the second was served beside the first");
    drop(first);
    tokio::time::timeout(Duration::from_secs(5), second.read_exact(&mut byte))
        .await
        .unwrap()
        .unwrap();
}

/// Answers when told to, and says when it was asked.
fn patient(asked: Arc<Notify>, told: Arc<Notify>) -> impl Answer {
    move |_: Peer, _: hyper::Request<WatchedBody>| {
        let (asked, told) = (Arc::clone(&asked), Arc::clone(&told));
        async move {
            asked.notify_one();
            told.notified().await;
            answer::with_type(StatusCode::OK, "text/plain", "finished")
        }
    }
}

#[tokio::test]
async fn a_stop_lets_a_request_in_flight_finish_and_takes_no_new_one() {
    let (asked, told) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let server = start(limits(), patient(Arc::clone(&asked), Arc::clone(&told))).await;
    let mut busy = connect(&server, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    asked.notified().await;
    let mut idle = connect(&server, "").await;
    server.stop.send(()).unwrap();
    // The idle one is hung up on after a moment; nobody is let in any more.
    assert_eq!(until_closed(&mut idle).await, "");
    assert!(TcpStream::connect(server.address).await.is_err());
    told.notify_one();
    let answer = until_closed(&mut busy).await;
    assert!(answer.ends_with("finished"), "{answer}");
    assert_eq!(server.serving.await.unwrap(), 0);
}

#[tokio::test]
async fn r_24_a_request_that_crosses_the_stop_is_answered_and_told_that_it_was_the_last() {
    let server = start(limits(), echo()).await;
    let request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    let mut kept = connect(&server, request).await;
    let mut byte = [0];
    kept.read_exact(&mut byte).await.unwrap();
    server.stop.send(()).unwrap();
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    kept.write_all(request.as_bytes()).await.unwrap();
    let answers = until_closed(&mut kept).await.to_lowercase();
    assert_eq!(answers.matches("200 ok").count(), 2, "{answers}");
    assert_eq!(answers.matches("connection: close").count(), 1, "{answers}");
    assert_eq!(server.serving.await.unwrap(), 0);
}

#[tokio::test]
async fn a_stop_drops_what_does_not_finish_in_the_drain_time() {
    let (asked, told) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let server =
        start(Limits { drain: SHORT, ..limits() }, patient(Arc::clone(&asked), told)).await;
    let mut busy = connect(&server, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    asked.notified().await;
    server.stop.send(()).unwrap();
    assert_eq!(server.serving.await.unwrap(), 1);
    assert_eq!(until_closed(&mut busy).await, "");
}

#[tokio::test]
async fn a_client_that_hangs_up_takes_its_request_along() {
    struct Gone(Arc<AtomicU32>);
    impl Drop for Gone {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let (asked, gone) = (Arc::new(Notify::new()), Arc::new(AtomicU32::new(0)));
    let (tell, count) = (Arc::clone(&asked), Arc::clone(&gone));
    let server = start(limits(), move |_: Peer, _: hyper::Request<WatchedBody>| {
        let (asked, gone) = (Arc::clone(&tell), Gone(Arc::clone(&count)));
        async move {
            asked.notify_one();
            std::future::pending::<()>().await;
            drop(gone);
            answer::with_type(StatusCode::OK, "text/plain", "")
        }
    })
    .await;
    let client = connect(&server, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    asked.notified().await;
    drop(client);
    while gone.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
}
