//! HTTP as bytes: requests exactly as a test writes them, from any address of the loopback network, and
//! the answers that come back.

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use std::{net::IpAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

/// One answer as it stood on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wired {
    /// The status.
    pub status: u16,
    /// Names in lower case, in their order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Wired {
    /// The one value under a name; of several the first.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `null` where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A connection from one of our own addresses.
///
/// # Errors
/// Nobody listens there.
pub async fn connect(from: &str, to: &str) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(std::net::SocketAddr::new(from.parse()?, 0))?;
    Ok(socket.connect(to.parse()?).await?)
}

/// Sends bytes and reads until `is_enough`, or the other side ends the connection, or it is silent for
/// long: then we say that no more comes from us, and read what is left.
///
/// # Errors
/// Nobody listens there.
pub async fn exchange(
    from: &str,
    to: &str,
    bytes: &[u8],
    patience: Duration,
    is_enough: impl Fn(&[u8]) -> bool,
) -> Result<Vec<u8>> {
    let (mut read, mut write) = connect(from, to).await?.into_split();
    // It may be refused and closed before all of it is written; the answer counts.
    let writing = async {
        let _ = write.write_all(bytes).await;
    };
    let mut answer = Vec::new();
    let reading = async {
        let mut piece = vec![0; 16 * 1024];
        while let Ok(Ok(n)) = tokio::time::timeout(patience, read.read(&mut piece)).await {
            answer.extend_from_slice(&piece[..n]);
            if n == 0 || is_enough(&answer) {
                return true;
            }
        }
        false
    };
    let ((), ended) = tokio::join!(writing, reading);
    if !ended {
        let _ = write.shutdown().await;
        let _ = tokio::time::timeout(Duration::from_secs(10), read.read_to_end(&mut answer)).await;
    }
    Ok(answer)
}

/// One request in HTTP/1.1 and its answer.
///
/// # Errors
/// Nobody listens there, or what came is no answer.
pub async fn call(
    from: &str,
    to: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Wired> {
    let mut text = format!("{method} {target} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    text.push_str(&format!("\r\n{body}"));
    let bytes = exchange(from, to, text.as_bytes(), Duration::from_secs(20), |_| false).await?;
    let shown = String::from_utf8_lossy(&bytes).into_owned();
    answers(&bytes, method == "HEAD")
        .into_iter()
        .next()
        .with_context(|| format!("no answer: {shown:?}"))
}

/// One request in HTTP/2 without TLS and its answer.
///
/// # Errors
/// Nobody listens there, or it does not speak HTTP/2.
pub async fn call_http2(
    from: &str,
    to: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Wired> {
    let mut connector = HttpConnector::new();
    connector.set_local_address(Some(from.parse::<IpAddr>()?));
    let client: Client<HttpConnector, Full<Bytes>> =
        Client::builder(TokioExecutor::new()).http2_only(true).build(connector);
    let mut request = Request::builder().method(method).uri(format!("http://{to}{target}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = client.request(request.body(Full::new(body.to_owned().into()))?).await?;
    let (parts, body) = response.into_parts();
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Ok(Wired {
        status: parts.status.as_u16(),
        headers: parts.headers.iter().map(|(n, v)| (n.as_str().to_owned(), text(v))).collect(),
        body: body.collect().await?.to_bytes().to_vec(),
    })
}

/// The whole answers at the beginning of what came; interim ones (1xx) are left out.
#[must_use]
pub fn answers(mut bytes: &[u8], to_head: bool) -> Vec<Wired> {
    let mut found = Vec::new();
    while let Some((answer, rest)) = one_answer(bytes, to_head) {
        if answer.status >= 200 {
            found.push(answer);
        }
        bytes = rest;
    }
    found
}

fn one_answer(bytes: &[u8], to_head: bool) -> Option<(Wired, &[u8])> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let first = lines.next()?;
    let status = first.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut answer = Wired { status, headers, body: Vec::new() };
    let rest = &bytes[end + 4..];
    if to_head || status < 200 || status == 204 || status == 304 {
        return Some((answer, rest));
    }
    if answer.header("transfer-encoding").is_some() {
        let (body, rest) = unchunk(rest)?;
        answer.body = body;
        return Some((answer, rest));
    }
    // Without a length the end of the connection is the end.
    let length = answer.header("content-length").map_or(Some(rest.len()), |n| n.parse().ok())?;
    answer.body = rest.get(..length)?.to_vec();
    Some((answer, &rest[length..]))
}

fn unchunk(mut bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|window| window == b"\r\n")?;
        let line = std::str::from_utf8(&bytes[..end]).ok()?;
        let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        bytes = bytes.get(end + 2..)?;
        if size == 0 {
            let end = bytes.windows(2).position(|window| window == b"\r\n")?;
            return Some((body, &bytes[end + 2..]));
        }
        body.extend_from_slice(bytes.get(..size)?);
        bytes = bytes.get(size + 2..)?;
    }
}
