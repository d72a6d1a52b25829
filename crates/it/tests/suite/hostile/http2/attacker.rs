//! The frames of HTTP/2, one side that may send any of them, and one that behaves.

use super::LONG;
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
pub(super) const PRIORITY: u8 = 2;
pub(super) const RST_STREAM: u8 = 3;
pub(super) const SETTINGS: u8 = 4;
pub(super) const PING: u8 = 6;
pub(super) const GOAWAY: u8 = 7;
pub(super) const WINDOW_UPDATE: u8 = 8;
pub(super) const CONTINUATION: u8 = 9;
/// A type that nobody has defined: it is to be skipped.
pub(super) const UNKNOWN: u8 = 0xfa;

pub(super) const ACK: u8 = 1;
pub(super) const END_STREAM: u8 = 1;
pub(super) const END_HEADERS: u8 = 4;

pub(super) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a length").to_be_bytes();
    let mut bytes = length[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// A header block: static names of RFC 7541 appendix A, values as they are.
pub(super) fn block(post: bool) -> Vec<u8> {
    let mut block = vec![if post { 0x83 } else { 0x82 }, 0x86];
    for (name, value) in [(0x01_u8, "localhost"), (0x04, "/health/live")] {
        block.extend([name, u8::try_from(value.len()).expect("short")]);
        block.extend(value.as_bytes());
    }
    block
}

/// A whole request.
pub(super) fn get(stream: u32) -> Vec<u8> {
    frame(HEADERS, END_HEADERS | END_STREAM, stream, &block(false))
}

/// A request whose body is still to come.
pub(super) fn post(stream: u32) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, &block(true))
}

/// A connection, the handshake done.
pub(super) struct Attacker {
    stream: TcpStream,
    next_stream: u32,
}

impl Attacker {
    pub(super) async fn connect(address: SocketAddr) -> Self {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("an option");
        let begin = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), frame(SETTINGS, 0, 0, &[])];
        stream.write_all(&begin.concat()).await.expect("sent");
        let mut attacker = Self { stream, next_stream: 1 };
        while attacker.read().await.expect("settings").kind != SETTINGS {}
        attacker.send(&frame(SETTINGS, ACK, 0, &[])).await;
        attacker
    }

    pub(super) fn stream(&mut self) -> u32 {
        self.next_stream += 2;
        self.next_stream - 2
    }

    /// What cannot be sent any more was too much; what became of the connection is read later.
    pub(super) async fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    pub(super) async fn read(&mut self) -> Option<Frame> {
        let mut header = [0; 9];
        self.stream.read_exact(&mut header).await.ok()?;
        let length = usize::from(header[0]) << 16 | usize::from(header[1]) << 8;
        let mut payload = vec![0; length | usize::from(header[2])];
        self.stream.read_exact(&mut payload).await.ok()?;
        let stream = u32::from_be_bytes([header[5], header[6], header[7], header[8]]);
        Some(Frame { kind: header[3], flags: header[4], stream })
    }

    /// Asks something and waits for the end of the answer: everything before has been taken by then.
    pub(super) async fn catch_up(&mut self) {
        let stream = self.stream();
        self.send(&get(stream)).await;
        while let Some(frame) = self.read().await {
            let ends = frame.stream == stream && frame.flags & END_STREAM != 0;
            if frame.kind == GOAWAY || (ends && matches!(frame.kind, HEADERS | DATA)) {
                return;
            }
        }
    }

    /// Whether the server ends the connection, and by GOAWAY.
    pub(super) async fn ended(mut self) -> Ended {
        let ended = tokio::time::timeout(LONG, async {
            let mut ended = Ended::HungUp;
            while let Some(frame) = self.read().await {
                if frame.kind == GOAWAY {
                    ended = Ended::GoAway;
                }
            }
            ended
        });
        ended.await.unwrap_or(Ended::Not)
    }
}

pub(super) struct Frame {
    pub(super) kind: u8,
    flags: u8,
    pub(super) stream: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ended {
    GoAway,
    HungUp,
    Not,
}

/// Somebody else, over HTTP/1.1 and kept alive.
pub(super) struct Other(TcpStream);

impl Other {
    pub(super) async fn connect(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.expect("a connection"))
    }

    pub(super) async fn is_served(&mut self) {
        let request = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";
        self.0.write_all(request).await.expect("sent");
        let mut answer = Vec::new();
        while !answer.ends_with(b"}") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).await.expect("an answer");
            answer.extend(byte);
        }
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
}
