//! The cases in HTTP/2: what a frame may hold and a line of HTTP/1.1 may not.

use super::http2::{DATA, END_HEADERS, END_STREAM, HEADERS, SETTINGS, block, frame};

/// What Keyward itself makes of a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// Nothing reaches the upstream.
    Refused,
    /// One request, with a body of this length.
    Reads(usize),
    /// Either.
    RefusedOr(usize),
    /// Refused, perhaps only when the upstream has as much of the body as was announced.
    CutOff(usize),
}
use Wanted::{CutOff, Reads, Refused, RefusedOr};

pub(super) type Field = (&'static [u8], Vec<u8>);

pub(super) struct Case {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) direct: Wanted,
}

struct Cases {
    key: String,
    all: Vec<Case>,
}

impl Cases {
    fn path(&self) -> String {
        format!("/g/{:04}/a", self.all.len())
    }

    /// The fields of an ordinary request.
    fn fields(&self, method: &str) -> Vec<Field> {
        vec![
            (b":method", method.into()),
            (b":scheme", b"http".to_vec()),
            (b":authority", b"localhost".to_vec()),
            (b":path", self.path().into_bytes()),
            (b"x-api-key", self.key.clone().into_bytes()),
        ]
    }

    fn add(
        &mut self,
        name: &str,
        fields: &[Field],
        body: &[&[u8]],
        trailers: &[Field],
        direct: Wanted,
    ) {
        let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        frame(&mut bytes, SETTINGS, 0, 0, &[]);
        let last = body.is_empty() && trailers.is_empty();
        let flags = END_HEADERS | if last { END_STREAM } else { 0 };
        frame(&mut bytes, HEADERS, flags, 1, &block(fields));
        for (at, piece) in body.iter().enumerate() {
            let end = at + 1 == body.len() && trailers.is_empty();
            frame(&mut bytes, DATA, if end { END_STREAM } else { 0 }, 1, piece);
        }
        if !trailers.is_empty() {
            frame(&mut bytes, HEADERS, END_HEADERS | END_STREAM, 1, &block(trailers));
        }
        self.all.push(Case { name: name.to_owned(), bytes, direct });
    }

    /// An ordinary request and one field more.
    fn with(&mut self, name: &'static [u8], value: &[u8], direct: Wanted) {
        let mut fields = self.fields("GET");
        fields.push((name, value.to_vec()));
        let shown = format!("{}: {}", name.escape_ascii(), value.escape_ascii());
        self.add(&shown, &fields, &[], &[], direct);
    }

    /// An ordinary request whose field has another value.
    fn instead(&mut self, name: &'static [u8], value: &[u8], direct: Wanted) {
        let mut fields = self.fields("GET");
        for field in &mut fields {
            if field.0 == name {
                field.1 = value.to_vec();
            }
        }
        let shown = format!("instead {}: {}", name.escape_ascii(), value.escape_ascii());
        self.add(&shown, &fields, &[], &[], direct);
    }
}

pub(super) fn cases(key: &str) -> Vec<Case> {
    let mut cases = Cases { key: key.to_owned(), all: Vec::new() };
    connection(&mut cases);
    injected(&mut cases);
    pseudo(&mut cases);
    bodies(&mut cases);
    cases.all
}

/// What belongs to a connection has no place in HTTP/2 (RFC 9113 8.2.2).
fn connection(cases: &mut Cases) {
    for (name, value) in [
        (&b"connection"[..], &b"close"[..]),
        (b"connection", b"keep-alive"),
        (b"connection", b"x-api-key"),
        (b"connection", b"transfer-encoding"),
        (b"keep-alive", b"timeout=5"),
        (b"proxy-connection", b"keep-alive"),
        (b"transfer-encoding", b"chunked"),
        (b"transfer-encoding", b"identity"),
        (b"transfer-encoding", b"gzip"),
        (b"upgrade", b"websocket"),
        (b"upgrade", b"h2c"),
        (b"te", b"chunked"),
        (b"te", b"trailers, chunked"),
        (b"te", b"gzip"),
    ] {
        cases.with(name, value, Refused);
        let mut fields = cases.fields("POST");
        fields.push((name, value.to_vec()));
        let shown = format!("POST {}: {}", name.escape_ascii(), value.escape_ascii());
        let path = cases.path();
        let hidden = format!("0\r\n\r\nGET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        cases.add(&shown, &fields, &[hidden.as_bytes()], &[], Refused);
    }
    cases.with(b"te", b"trailers", Reads(0));
    cases.with(b"x-transfer-encoding", b"chunked", Reads(0));
}

/// Ends of lines where HTTP/1.1 would see them.
fn injected(cases: &mut Cases) {
    for value in [
        &b"y\r\nx-forged: 1"[..],
        b"y\nx-forged: 1",
        b"y\rx-forged: 1",
        b"y\r\n\r\nGET /g/9999/b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"y\r\nTransfer-Encoding: chunked",
        b"y\r\nContent-Length: 100",
        b"y\0",
        b"\0y",
        b"\r\n",
        b"y\r\n",
        b"y\n",
        b"y\r",
    ] {
        cases.with(b"x", value, Refused);
        cases.instead(b"x-api-key", value, Refused);
        cases.instead(b":authority", value, Refused);
        cases.instead(b":method", value, Refused);
        cases.instead(b":scheme", value, Refused);
        let path = [cases.path().as_bytes(), value].concat();
        cases.instead(b":path", &path, Refused);
    }
    for name in [
        &b"x\r\nx-forged"[..],
        b"x\nx-forged",
        b"x: y\r\nx-forged",
        b"x:y",
        b"x ",
        b" x",
        b"x\0",
        b"x\ty",
        b"X",
        b"X-Api-Key",
        b"Transfer-Encoding",
        b"x\xe9",
        b"",
        b":x",
        b"x(y)",
    ] {
        cases.with(name, b"y", Refused);
    }
    cases.with(b"x", b" y ", RefusedOr(0));
    cases.with(b"x", b"\x01", Refused);
    cases.with(b"x", b"\x7f", Refused);
    cases.with(b"x", b"\xe9", RefusedOr(0));
}

/// The fields with a colon.
fn pseudo(cases: &mut Cases) {
    for (name, value) in [
        (&b":method"[..], &b""[..]),
        (b":method", b"G T"),
        (b":method", b"GET /g/9999/b HTTP/1.1"),
        (b":method", b"GET\t"),
        (b":path", b""),
        (b":path", b"*"),
        (b":path", b"g/0000/a"),
        (b":path", b"http://elsewhere.example/g/9999/a"),
        (b":path", b"//elsewhere.example/g/9999/a"),
        (b":path", b"/g/9999/a HTTP/1.1\r\nx: y"),
        (b":path", b"/g/9999/a b"),
        (b":path", b"/g/9999/a\x7f"),
        (b":path", b"/g/9999/../../v1/keys"),
        (b":path", b"/g/9999/%2e%2e/b"),
        (b":path", b"/g/9999%2fb"),
        (b":path", b"/g/9999\\b"),
        (b":authority", b"localhost elsewhere.example"),
        (b":authority", b"x@localhost"),
        (b":authority", b"localhost/g/9999"),
        (b":authority", b"localhost, elsewhere.example"),
        (b":authority", b"localhost:x"),
        (b":scheme", b"http://elsewhere.example/?"),
        (b":scheme", b"h t"),
    ] {
        cases.instead(name, value, Refused);
    }
    for name in [&b":method"[..], b":path", b":scheme", b":authority"] {
        let mut twice = cases.fields("GET");
        let at = twice.iter().position(|field| field.0 == name).expect("it is there");
        let same = twice[at].1.clone();
        twice.insert(at + 1, (name, same));
        cases.add(&format!("{} twice", name.escape_ascii()), &twice, &[], &[], Refused);
        let mut without = cases.fields("GET");
        without.retain(|field| field.0 != name);
        cases.add(&format!("without {}", name.escape_ascii()), &without, &[], &[], Refused);
        let mut late = cases.fields("GET");
        let field = late.remove(at);
        late.push(field);
        cases.add(&format!("{} last", name.escape_ascii()), &late, &[], &[], Refused);
    }
    // Nobody makes anything of these; they are not handed on.
    cases.instead(b":scheme", b"", RefusedOr(0));
    cases.with(b"host", b"localhost", RefusedOr(0));
    cases.with(b"host", b"elsewhere.example", Refused);
    cases.with(b":status", b"200", Refused);
    cases.with(b":protocol", b"websocket", Refused);
    let mut two = cases.fields("GET");
    two.push((b"host", b"localhost".to_vec()));
    two.push((b"host", b"elsewhere.example".to_vec()));
    cases.add("two hosts", &two, &[], &[], Refused);
    let mut connect = cases.fields("CONNECT");
    connect.retain(|field| field.0 != b":scheme" && field.0 != b":path");
    cases.add("CONNECT", &connect, &[], &[], Refused);
    let trace = cases.fields("TRACE");
    cases.add("TRACE", &trace, &[], &[], Refused);
}

/// Lengths that are not those of the frames.
fn bodies(cases: &mut Cases) {
    let hidden = b"GET /g/9999/b HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (length, direct) in [
        ("5", Reads(5)),
        ("05", RefusedOr(5)),
        ("0", CutOff(0)),
        ("4", CutOff(4)),
        ("6", Refused),
        ("-5", Refused),
        ("+5", Refused),
        ("5, 5", RefusedOr(5)),
        ("5, 6", Refused),
        ("0x5", Refused),
        ("", Refused),
        ("x", Refused),
        ("99999999999999999999999", Refused),
    ] {
        let mut fields = cases.fields("POST");
        fields.push((b"content-length", length.into()));
        cases.add(&format!("length {length:?}, five bytes"), &fields, &[b"hello"], &[], direct);
    }
    for (one, two, direct) in [("5", "5", RefusedOr(5)), ("5", "6", Refused), ("0", "5", Refused)] {
        let mut fields = cases.fields("POST");
        fields.push((b"content-length", one.into()));
        fields.push((b"content-length", two.into()));
        cases.add(&format!("lengths {one}, {two}"), &fields, &[b"hello"], &[], direct);
    }
    let mut none = cases.fields("GET");
    none.push((b"content-length", b"5".to_vec()));
    cases.add("a length and no body", &none, &[], &[], Refused);
    let fields = cases.fields("POST");
    cases.add("no length", &fields, &[b"he", b"", b"llo"], &[], Reads(5));
    let fields = cases.fields("POST");
    cases.add("a hidden request", &fields, &[b"0\r\n\r\n", hidden], &[], Reads(5 + hidden.len()));
    let mut short = cases.fields("POST");
    short.push((b"content-length", b"5".to_vec()));
    cases.add("a hidden request behind the length", &short, &[b"hello", hidden], &[], CutOff(5));
    let trailers: [(Vec<Field>, Wanted); 6] = [
        (vec![(b"x-t", b"y".to_vec())], Reads(5)),
        (vec![(b":path", b"/g/9999/b".to_vec())], RefusedOr(5)),
        (vec![(b"x-t", b"y\r\n\r\nGET /g/9999/b HTTP/1.1\r\nHost: x\r\n\r\n".to_vec())], Refused),
        (vec![(b"transfer-encoding", b"chunked".to_vec())], Refused),
        (vec![(b"content-length", b"100".to_vec())], RefusedOr(5)),
        (vec![(b"X", b"y".to_vec())], Refused),
    ];
    for (trailer, direct) in trailers {
        let fields = cases.fields("POST");
        let name = format!("trailer {}", trailer[0].0.escape_ascii());
        cases.add(&name, &fields, &[b"hello"], &trailer, direct);
    }
}
