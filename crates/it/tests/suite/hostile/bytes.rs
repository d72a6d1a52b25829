//! Bytes that no HTTP client would send, over a socket.

use http::Method;
use it::{process::Process, world::Place};
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

/// One request, byte for byte as it is given; what came back.
fn raw(address: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    stream.write_all(request).expect("it takes the request");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ap_11_bytes_that_no_header_may_hold_end_at_the_door() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let address = process.url.trim_start_matches("http://").to_owned();
    let token = process.token(r"t100\nexus").await.expect("a token");
    for value in [
        b"Bearer a\0b".to_vec(),
        b"Bearer \0".to_vec(),
        b"Bearer a\rX-Forged: 1".to_vec(),
        b"Bearer a\nX Forged".to_vec(),
        b"Bearer \x1b[31m".to_vec(),
        b"Bearer \x7f".to_vec(),
        b"Bearer \xff\xfe".to_vec(),
        [b"Bearer ".to_vec(), vec![b'a'; 100 * 1024]].concat(),
        [b"Bearer ".to_vec(), token.clone().into_bytes(), b"\0".to_vec()].concat(),
    ] {
        let head = b"GET /nexus/v3/apikeys HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: ";
        let answer = raw(&address, &[&head[..], &value[..], b"\r\n\r\n"].concat());
        let status = answer.get(..12).unwrap_or_default();
        assert!(status.is_empty() || status.starts_with("HTTP/1.1 4"), "{value:?}: {answer}");
    }
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let answer = process.send(Method::GET, "/nexus/v3/apikeys", &headers, "".into()).await;
    assert_eq!(answer.expect("an answer").status, 200, "it serves on");
    assert_eq!(process.stop().await.expect("it stops"), 0);
}
