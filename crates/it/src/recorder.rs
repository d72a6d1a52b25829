//! An upstream that trusts nobody: it takes HTTP/1.1 in its narrowest reading, byte for byte, answers each
//! request with what it read, and remembers all of it. What could be read in two ways is an oddity.

use anyhow::Result;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};

/// One whole request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The how manieth of all.
    pub number: usize,
    /// The method.
    pub method: String,
    /// The target of the request line, as it came.
    pub target: String,
    /// Names in lower case, in their order.
    pub headers: Vec<(String, String)>,
    /// The body, without its chunks.
    pub body: Vec<u8>,
}

impl Seen {
    /// All values under a name.
    #[must_use]
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect()
    }

    fn json(&self) -> Value {
        json!({
            "number": self.number, "method": self.method, "target": self.target,
            "headers": self.headers, "body": String::from_utf8_lossy(&self.body),
        })
    }
}

#[derive(Default)]
struct Memory {
    seen: Vec<Seen>,
    oddities: Vec<String>,
}

/// The upstream; it ends with this value.
pub struct Recorder {
    /// Where it listens, `127.0.0.1:PORT`.
    pub address: String,
    memory: Arc<Mutex<Memory>>,
    accepting: AbortHandle,
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Recorder {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?.to_string();
        let memory = Arc::new(Mutex::new(Memory::default()));
        let shared = Arc::clone(&memory);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Ok(Self { address, memory, accepting: accepting.abort_handle() })
    }

    /// Every request so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).seen.clone()
    }

    /// What could have been read in two ways.
    #[must_use]
    pub fn oddities(&self) -> Vec<String> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).oddities.clone()
    }
}

async fn serve(mut stream: TcpStream, memory: Arc<Mutex<Memory>>) {
    let mut bytes = Vec::new();
    let mut piece = vec![0; 16 * 1024];
    loop {
        match parse(&bytes) {
            Ok(Some((seen, length))) => {
                let answer = remember(&memory, seen);
                bytes.drain(..length);
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
            Ok(None) => match stream.read(&mut piece).await {
                // The rest of a request may never come: then it was none.
                Ok(0) | Err(_) => return,
                Ok(n) => bytes.extend_from_slice(&piece[..n]),
            },
            Err(why) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
                memory.oddities.push(format!("{why}: {text:?}"));
                return;
            }
        }
    }
}

fn remember(memory: &Mutex<Memory>, mut seen: Seen) -> String {
    let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
    seen.number = memory.seen.len();
    let body = if seen.method == "HEAD" { String::new() } else { seen.json().to_string() };
    memory.seen.push(seen);
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A whole request and its length; `None`: not yet whole.
fn parse(bytes: &[u8]) -> Result<Option<(Seen, usize)>, &'static str> {
    let Some(end) = find(bytes, b"\r\n\r\n") else {
        // What can be told early is told early: it might wait for an end that is never meant to come.
        return if bare_line_end(bytes) { Err("a bare CR or LF") } else { Ok(None) };
    };
    let head = &bytes[..end + 2];
    if bare_line_end(head) {
        return Err("a bare CR or LF");
    }
    // Bytes beyond ASCII are allowed in values, and mean nothing (RFC 9110 section 5.5).
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split_terminator("\r\n");
    let line: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let [method, target, "HTTP/1.1"] = line[..] else { return Err("a request line") };
    if method.is_empty() || !method.bytes().all(is_token) || !target.starts_with('/') {
        return Err("a method or a target");
    }
    let mut headers = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or("a line without a colon")?;
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err("a name of a header");
        }
        if value.bytes().any(|b| (b < b' ' && b != b'\t') || b == 0x7f) {
            return Err("a value of a header");
        }
        headers.push((name.to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_owned()));
    }
    let (method, target) = (method.to_owned(), target.to_owned());
    let mut seen = Seen { number: 0, method, target, headers, body: Vec::new() };
    if seen.header("host").len() != 1 {
        return Err("not one host");
    }
    let rest = &bytes[end + 4..];
    let length = match (&seen.header("content-length")[..], &seen.header("transfer-encoding")[..]) {
        ([], []) => 0,
        ([length], []) => {
            if !length.bytes().all(|b| b.is_ascii_digit()) {
                return Err("a length");
            }
            let length = length.parse().map_err(|_| "a length")?;
            let Some(body) = rest.get(..length) else { return Ok(None) };
            seen.body = body.to_vec();
            length
        }
        ([], ["chunked"]) => match unchunk(rest)? {
            Some((body, length)) => {
                seen.body = body;
                length
            }
            None => return Ok(None),
        },
        _ => return Err("a body of two lengths"),
    };
    Ok(Some((seen, end + 4 + length)))
}

/// What some servers put among the headers when it comes behind the body.
const NO_TRAILERS: [&str; 7] = [
    "content-length",
    "transfer-encoding",
    "host",
    "authorization",
    "x-api-key",
    "x-keyward-",
    "connection",
];

/// The body of chunks and its length on the wire.
fn unchunk(bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>, &'static str> {
    let mut body = Vec::new();
    let mut at = 0;
    loop {
        let Some(end) = find(&bytes[at..], b"\r\n") else { return Ok(None) };
        let size = &bytes[at..at + end];
        if size.is_empty() || size.len() > 8 || !size.iter().all(u8::is_ascii_hexdigit) {
            return Err("a size of a chunk");
        }
        let size = std::str::from_utf8(size).map_err(|_| "a size of a chunk")?;
        let size = usize::from_str_radix(size, 16).map_err(|_| "a size of a chunk")?;
        at += end + 2;
        if size == 0 {
            break;
        }
        let Some(data) = bytes.get(at..at + size + 2) else { return Ok(None) };
        if !data.ends_with(b"\r\n") {
            return Err("an end of a chunk");
        }
        body.extend_from_slice(&data[..size]);
        at += size + 2;
    }
    // Trailers, up to an empty line.
    loop {
        let Some(end) = find(&bytes[at..], b"\r\n") else { return Ok(None) };
        if end == 0 {
            return Ok(Some((body, at + 2)));
        }
        let line = String::from_utf8_lossy(&bytes[at..at + end]).to_ascii_lowercase();
        let name = line.split(':').next().unwrap_or_default();
        if !name.bytes().all(is_token) || NO_TRAILERS.iter().any(|own| name.starts_with(own)) {
            return Err("a trailer that means something in a head");
        }
        at += end + 2;
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// A CR without LF after it, or an LF without CR before it. The last byte may still get its LF.
fn bare_line_end(head: &[u8]) -> bool {
    let head = find(head, b"\r\n\r\n").map_or(head, |end| &head[..end + 2]);
    head.iter().enumerate().any(|(at, byte)| match byte {
        b'\r' => head.get(at + 1).is_some_and(|next| *next != b'\n'),
        b'\n' => at == 0 || head[at - 1] != b'\r',
        _ => false,
    })
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
