//! What a case is: bytes for one connection, and which readings of them we stand for.

/// What Keyward itself makes of a case; a proxy in front may refuse more, or mend it first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Reading {
    /// Nothing of it reaches the upstream, but for `z` where the end of what came before is in no doubt.
    Refused,
    /// These requests, by the last part of their path and the length of their body, and no others.
    Reads(Vec<(&'static str, usize)>),
    /// Refused, or these and no others.
    RefusedOr(Vec<(&'static str, usize)>),
}

/// One connection's bytes.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) direct: Reading,
}

/// Makes cases; each has paths of its own: `/g/ID/a` is the request that it begins with, `/g/ID/b` what
/// may hide in it, `/g/ID/z` the last one, which asks for the connection's end.
pub(super) struct Cases {
    pub(super) key: String,
    pub(super) all: Vec<Case>,
}

impl Cases {
    pub(super) fn new(key: &str) -> Self {
        Self { key: key.to_owned(), all: Vec::new() }
    }

    /// The path of the case that is being made.
    pub(super) fn path(&self, part: &str) -> String {
        format!("/g/{:04}/{part}", self.all.len())
    }

    /// The lines that every request needs.
    pub(super) fn lines(&self) -> String {
        format!("Host: localhost\r\nX-Api-Key: {}\r\n", self.key)
    }

    /// What hides in a body: a request that would pass if it were one.
    pub(super) fn hidden(&self) -> String {
        format!("GET {} HTTP/1.1\r\n{}\r\n", self.path("b"), self.lines())
    }

    /// The last request of a connection.
    pub(super) fn last(&self) -> String {
        format!("GET {} HTTP/1.1\r\n{}Connection: close\r\n\r\n", self.path("z"), self.lines())
    }

    /// `POST a` with more lines and a body, then `z`.
    pub(super) fn post(&mut self, name: &str, lines: &[u8], body: &[u8], direct: Reading) {
        let begin = format!("POST {} HTTP/1.1\r\n{}", self.path("a"), self.lines());
        let bytes = [begin.as_bytes(), lines, b"\r\n", body, self.last().as_bytes()].concat();
        self.add(name, bytes, direct);
    }

    pub(super) fn add(&mut self, name: &str, bytes: Vec<u8>, direct: Reading) {
        self.all.push(Case { name: name.to_owned(), bytes, direct });
    }
}
