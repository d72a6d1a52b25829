//! A client that keeps its connections busy: each sends a request, waits for the answer, and sends the
//! next. Small on purpose, so that the machine's time goes to the server.

use anyhow::{Context as _, Result, bail};
use std::{
    net::SocketAddr,
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

/// Requests as they go over the wire; connections walk through them, each from another place on.
pub(super) type Requests = Arc<Vec<Vec<u8>>>;

/// When a run ends.
#[derive(Clone, Copy)]
pub(super) enum Until {
    /// After this time.
    Over(Duration),
    /// After so many requests on each connection.
    Count(u64),
}

/// What came of a run.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Tally {
    pub(super) requests: u64,
    /// Answers with another status than 200, or without the text that was looked for.
    pub(super) others: u64,
    pub(super) seconds: f64,
}

impl Tally {
    pub(super) fn a_second(&self) -> f64 {
        self.requests as f64 / self.seconds
    }
}

/// Runs `connections` side by side on one thread. Each answer must hold `wanted`.
pub(super) fn run(
    address: SocketAddr,
    requests: &Requests,
    connections: usize,
    until: Until,
    wanted: &'static str,
) -> Result<Tally> {
    if !address.ip().is_loopback() {
        bail!("a benchmark talks to this machine alone");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut running = JoinSet::new();
        let begin = Instant::now();
        for n in 0..connections {
            let first = n * requests.len() / connections.max(1);
            running.spawn(busy(address, Arc::clone(requests), first, until, wanted));
        }
        let mut sum = Tally::default();
        while let Some(one) = running.join_next().await {
            let one = one??;
            sum.requests += one.requests;
            sum.others += one.others;
        }
        sum.seconds = begin.elapsed().as_secs_f64();
        Ok(sum)
    })
}

async fn busy(
    address: SocketAddr,
    requests: Requests,
    first: usize,
    until: Until,
    wanted: &'static str,
) -> Result<Tally> {
    let mut connection = Connection::open(address).await?;
    let mut tally = Tally::default();
    let begin = Instant::now();
    for request in requests.iter().cycle().skip(first) {
        let over = match until {
            Until::Over(time) => begin.elapsed() >= time,
            Until::Count(count) => tally.requests >= count,
        };
        if over {
            break;
        }
        let answer = connection.ask(request).await?;
        tally.requests += 1;
        tally.others += u64::from(!answer.is(200, wanted));
    }
    Ok(tally)
}

/// One connection that is kept open.
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, as long as the next request is not sent.
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    pub(super) head: &'a [u8],
    pub(super) body: &'a [u8],
}

impl Answer<'_> {
    /// Whether it has this status, and this text in its body.
    pub(super) fn is(&self, status: u16, wanted: &str) -> bool {
        let wanted = wanted.as_bytes();
        self.status == status
            && (wanted.is_empty() || self.body.windows(wanted.len()).any(|part| part == wanted))
    }

    /// Both parts, for a person.
    pub(super) fn shown(&self) -> String {
        format!("{}{}", String::from_utf8_lossy(self.head), String::from_utf8_lossy(self.body))
    }
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("cannot connect")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends a request and reads the whole answer.
    pub(super) async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                let so_far = String::from_utf8_lossy(&self.buffer).into_owned();
                bail!("the server closed the connection after: {so_far:?}");
            }
            let Some(parts) = parts(&self.buffer) else { continue };
            if self.buffer.len() >= parts.body.end {
                let head = self.buffer.get(..parts.body.start).unwrap_or_default();
                let body = self.buffer.get(parts.body).unwrap_or_default();
                return Ok(Answer { status: parts.status, head, body });
            }
        }
    }
}

#[derive(PartialEq, Debug)]
struct Parts {
    status: u16,
    body: Range<usize>,
}

/// Where the body lies; `None` while the head is not whole. An answer without a length has no body.
fn parts(buffer: &[u8]) -> Option<Parts> {
    let end = buffer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(buffer.get(..end)?).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") { value.trim().parse().ok() } else { None }
    });
    Some(Parts { status, body: end..end + length.unwrap_or(0) })
}

/// A request with a JSON body and a Bearer token.
pub(super) fn request(
    target: (&str, &str),
    address: SocketAddr,
    token: &str,
    body: &str,
) -> Vec<u8> {
    request_as("application/json", target, address, token, body)
}

/// The same with a body of another kind.
pub(super) fn request_as(
    kind: &str,
    (method, path): (&str, &str),
    address: SocketAddr,
    token: &str,
    body: &str,
) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}",
        length = body.len(),
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_its_length_says_so() {
        let text = b"HTTP/1.1 200 OK\r\nContent-Type: a\r\ncontent-length: 3\r\n\r\nabc";
        let (head, body) = text.split_at(text.len() - 3);
        assert_eq!(parts(text), Some(Parts { status: 200, body: head.len()..text.len() }));
        assert_eq!(parts(&text[..40]), None);
        let answer = Answer { status: 200, head, body };
        assert!(answer.is(200, "bc") && !answer.is(200, "x") && !answer.is(201, ""));
    }

    #[test]
    fn only_this_machine_is_talked_to() {
        let elsewhere = "192.0.2.1:80".parse().unwrap();
        let requests = Arc::new(vec![Vec::new()]);
        assert!(run(elsewhere, &requests, 1, Until::Count(1), "").is_err());
    }
}
