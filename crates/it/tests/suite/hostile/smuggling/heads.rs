//! Heads that two programs may read as two.

use super::case::{
    Cases,
    Reading::{Reads, Refused, RefusedOr},
};

pub(super) fn add(cases: &mut Cases) {
    lines(cases);
    request_lines(cases);
    hosts(cases);
    hops(cases);
}

/// Lines that are no header, or that some take for the end of one.
const ODD_LINES: &[&str] = &[
    "X: y\r",
    "X: y\rZ: z\r\n",
    "X: y\r\r\n",
    "\r",
    " \r\n",
    "\t\r\n",
    " X: y\r\n",
    "\tX: y\r\n",
    "X: y\r\n z\r\n",
    "X: y\r\n\tz\r\n",
    "X: y\r\n \r\n",
    "X:\r\n \r\n y\r\n",
    "X : y\r\n",
    "X\t: y\r\n",
    "X \t : y\r\n",
    ": y\r\n",
    " : y\r\n",
    "X\r\n",
    "X y\r\n",
    "X;y\r\n",
    "X\0: y\r\n",
    "\0X: y\r\n",
    "X: \0\r\n",
    "X: y\0z\r\n",
    "X: \u{1}\r\n",
    "X: \u{8}\r\n",
    "X: \u{b}\r\n",
    "X: \u{c}\r\n",
    "X: \u{1b}[1m\r\n",
    "X: \u{7f}\r\n",
    "X\u{e9}: y\r\n",
    "X(y): z\r\n",
    "X,Y: z\r\n",
    "X/Y: z\r\n",
    "X@Y: z\r\n",
    "X[y]: z\r\n",
    "\"X\": z\r\n",
    "X=Y: z\r\n",
    "X{y}: z\r\n",
    "X\\Y: z\r\n",
    "X<y>: z\r\n",
    "X?: z\r\n",
];

/// `POST a` with a body in which a request hides, and odd lines in front of its length.
fn lines(cases: &mut Cases) {
    for line in ODD_LINES {
        let hidden = cases.hidden();
        let lines = format!("{line}Content-Length: {}\r\n", hidden.len());
        cases.post(&format!("line {line:?}"), lines.as_bytes(), hidden.as_bytes(), Refused);
    }
    // A bare LF ends a line, in every place alike; an empty line ends the head.
    for line in ["X: y\n", "X: y\nZ: z\r\n"] {
        let hidden = cases.hidden();
        let direct = RefusedOr(vec![("a", hidden.len()), ("z", 0)]);
        let lines = format!("{line}Content-Length: {}\r\n", hidden.len());
        cases.post(&format!("line {line:?}"), lines.as_bytes(), hidden.as_bytes(), direct);
    }
    for line in ["X: y\n\r\n", "X: \n\r\n", "\n", "X: y\n\n"] {
        let hidden = cases.hidden();
        let direct = RefusedOr(vec![("a", 0)]);
        let lines = format!("{line}Content-Length: {}\r\n", hidden.len());
        cases.post(&format!("line {line:?}"), lines.as_bytes(), hidden.as_bytes(), direct);
    }
    // Odd, and yet one thing to everybody.
    for line in [
        "X:y\r\n",
        "X:  y  \r\n",
        "X:\ty\t\r\n",
        "X:\r\n",
        "X: a:b\r\n",
        "X_Y: z\r\n",
        "!#$%&'*+.^`|~: z\r\n",
    ] {
        let hidden = cases.hidden();
        let direct = Reads(vec![("a", hidden.len()), ("z", 0)]);
        let lines = format!("{line}Content-Length: {}\r\n", hidden.len());
        cases.post(&format!("line {line:?}"), lines.as_bytes(), hidden.as_bytes(), direct);
    }
    let hidden = cases.hidden();
    let direct = RefusedOr(vec![("a", hidden.len()), ("z", 0)]);
    let lines = format!("X: \u{e9}\r\nContent-Length: {}\r\n", hidden.len());
    cases.post("a value that is not ASCII", lines.as_bytes(), hidden.as_bytes(), direct);
    for (name, lines) in [
        ("too many lines", "X: y\r\n".repeat(2_000)),
        ("a line that is too long", format!("X: {}\r\n", "y".repeat(70_000))),
        ("a name that is too long", format!("{}: y\r\n", "X".repeat(70_000))),
    ] {
        cases.post(name, lines.as_bytes(), b"", Refused);
    }
}

/// First lines of all that everybody takes.
const LINES_THAT_PASS: &[&str] =
    &["GET PATH HTTP/1.1\r\n", "GET PATH? HTTP/1.1\r\n", "GET PATH?x=%0d%0a HTTP/1.1\r\n"];
/// Those that some take and some refuse.
const LINES_THAT_MAY_PASS: &[&str] = &[
    "\r\nGET PATH HTTP/1.1\r\n",
    "\r\n\r\n\r\nGET PATH HTTP/1.1\r\n",
    "\nGET PATH HTTP/1.1\r\n",
    "GET http://localhostPATH HTTP/1.1\r\n",
    "GET HTTP://LOCALHOSTPATH HTTP/1.1\r\n",
    "GET http://localhost:1PATH HTTP/1.1\r\n",
    "GET http://x@localhostPATH HTTP/1.1\r\n",
    "GET ftp://localhostPATH HTTP/1.1\r\n",
    "GET PATH HTTP/1.1\n",
    "GET PATH#z HTTP/1.1\r\n",
    "GET PATH%0d%0aX:%20y HTTP/1.1\r\n",
];
/// Those that nobody may take.
const LINES_THAT_DO_NOT: &[&str] = &[
    "GET http://localhost PATH HTTP/1.1\r\n",
    "GET http://elsewhere.examplePATH HTTP/1.1\r\n",
    "GET //localhostPATH HTTP/1.1\r\n",
    "GET localhost:80 HTTP/1.1\r\n",
    "GET * HTTP/1.1\r\n",
    "OPTIONS * HTTP/1.1\r\n",
    "CONNECT localhost:80 HTTP/1.1\r\n",
    "CONNECT PATH HTTP/1.1\r\n",
    "TRACE PATH HTTP/1.1\r\n",
    "GET  PATH HTTP/1.1\r\n",
    "GET PATH  HTTP/1.1\r\n",
    "GET\tPATH\tHTTP/1.1\r\n",
    " GET PATH HTTP/1.1\r\n",
    "GET PATH HTTP/1.1 \r\n",
    "GET PATH HTTP/1.1\r",
    "GET PATH HTTP/1.1\r\r\n",
    "GET PATH\r\n",
    "GET PATH \r\n",
    "GET\r\n",
    "GET PATH HTTP/0.9\r\n",
    "GET PATH HTTP/1.2\r\n",
    "GET PATH HTTP/1.10\r\n",
    "GET PATH HTTP/2.0\r\n",
    "GET PATH HTTP/2\r\n",
    "GET PATH HTTP/11\r\n",
    "GET PATH http/1.1\r\n",
    "GET PATH HTTP/1.1X\r\n",
    "GET PATH X HTTP/1.1\r\n",
    "GET PATH HTTP/1.1 HTTP/1.1\r\n",
    "GET\0 PATH HTTP/1.1\r\n",
    "G\0T PATH HTTP/1.1\r\n",
    "G@T PATH HTTP/1.1\r\n",
    "G:T PATH HTTP/1.1\r\n",
    "GET PATH\0 HTTP/1.1\r\n",
    "GET PATH\u{1} HTTP/1.1\r\n",
    "GET PATH\u{7f} HTTP/1.1\r\n",
    "GET PATH\r HTTP/1.1\r\n",
    "GET PATH\nX: y HTTP/1.1\r\n",
    "GET PATH\u{b}HTTP/1.1\r\n",
    "GET PATH%00 HTTP/1.1\r\n",
    "GET PATH/../a HTTP/1.1\r\n",
    "GET PATH/%2e%2e/a HTTP/1.1\r\n",
    "GET PATH%2fa HTTP/1.1\r\n",
    "GET PATH%5ca HTTP/1.1\r\n",
    "GET PATH\\a HTTP/1.1\r\n",
];

/// The first line of all.
fn request_lines(cases: &mut Cases) {
    let one = vec![("a", 0), ("z", 0)];
    for (lines, direct) in [
        (LINES_THAT_PASS, Reads(one.clone())),
        (LINES_THAT_MAY_PASS, RefusedOr(one)),
        (LINES_THAT_DO_NOT, Refused),
    ] {
        for line in lines {
            let text = format!("{}{}\r\n", line.replace("PATH", &cases.path("a")), cases.lines());
            let text = format!("{text}{}", cases.last());
            cases.add(&format!("request line {line:?}"), text.into_bytes(), direct.clone());
        }
    }
    let long = "x".repeat(70_000);
    let line = format!("GET {}?{long} HTTP/1.1\r\n{}\r\n", cases.path("a"), cases.lines());
    cases.add("a request line that is too long", line.into_bytes(), Refused);
}

/// Whom the request is for.
fn hosts(cases: &mut Cases) {
    let key = cases.key.clone();
    for (lines, direct) in [
        ("", Refused),
        ("Host: localhost\r\nHost: localhost\r\n", Refused),
        ("Host: localhost\r\nHost: elsewhere.example\r\n", Refused),
        ("Host: elsewhere.example\r\nHost: localhost\r\n", Refused),
        ("Host: localhost\r\nhost:\r\n", Refused),
        ("Host:\r\nHost: localhost\r\n", Refused),
        ("Host: localhost, elsewhere.example\r\n", Refused),
        ("Host: localhost elsewhere.example\r\n", Refused),
        ("Host: x@localhost\r\n", Refused),
        ("Host: localhost/\r\n", Refused),
        ("Host: localhost:80:80\r\n", Refused),
        ("Host: localhost:x\r\n", Refused),
        ("Host: localhost\\@elsewhere.example\r\n", Refused),
        ("Host: localhost\0\r\n", Refused),
        ("Host : localhost\r\n", Refused),
        (" Host: localhost\r\n", Refused),
        ("X: y\r\n Host: elsewhere.example\r\nHost: localhost\r\n", Refused),
        ("Host: localhost\r\n elsewhere.example\r\n", Refused),
        ("Host:\r\n localhost\r\n", Refused),
        ("Host: localhost:80\r\n", Reads(vec![("a", 0), ("z", 0)])),
        ("Host: LOCALHOST\r\n", Reads(vec![("a", 0), ("z", 0)])),
        ("Host_: elsewhere.example\r\nHost: localhost\r\n", Reads(vec![("a", 0), ("z", 0)])),
        (
            "X-Forwarded-Host: elsewhere.example\r\nHost: localhost\r\n",
            Reads(vec![("a", 0), ("z", 0)]),
        ),
    ] {
        let begin = format!("GET {} HTTP/1.1\r\n", cases.path("a"));
        let text = format!("{begin}{lines}X-Api-Key: {key}\r\n\r\n{}", cases.last());
        cases.add(&format!("host {lines:?}"), text.into_bytes(), direct);
    }
}

/// What belongs to one connection, and asks of the next.
fn hops(cases: &mut Cases) {
    for (line, direct) in [
        // A key that the client itself calls a matter of this connection is still a key to us.
        ("Connection: X-Api-Key\r\n", true),
        ("Connection: keep-alive, X-Api-Key\r\n", true),
        ("Connection: Content-Length\r\n", true),
        ("Connection: Transfer-Encoding\r\n", true),
        ("Connection: Host\r\n", true),
        ("Connection: X-Keyward-Tenant\r\nX-Keyward-Tenant: *\r\n", true),
        ("Connection: ,,,\r\n", true),
        ("Keep-Alive: timeout=1000\r\n", true),
        ("Proxy-Connection: keep-alive\r\n", true),
        ("Proxy-Authorization: Basic eDp5\r\n", true),
        ("TE: trailers\r\nConnection: TE\r\n", true),
        ("TE: chunked\r\n", true),
        ("Trailer: Content-Length\r\n", true),
        ("X-HTTP-Method-Override: DELETE\r\n", true),
        (
            "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\nConnection: Upgrade, HTTP2-Settings\r\n",
            false,
        ),
        ("Upgrade: TLS/1.0\r\nConnection: Upgrade\r\n", false),
        ("Upgrade: nothing\r\nConnection: Upgrade\r\n", false),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 777\r\n", false),
        ("Upgrade: websocket\r\n", true),
        ("Expect: 100-continue\r\n", true),
        ("Expect: 100-Continue\r\n", false),
        ("Expect: 200-ok\r\n", false),
        ("Expect: 100-continue, 100-continue\r\n", false),
    ] {
        let hidden = cases.hidden();
        let requests = vec![("a", hidden.len()), ("z", 0)];
        let direct = if direct { Reads(requests) } else { RefusedOr(requests) };
        let lines = format!("{line}Content-Length: {}\r\n", hidden.len());
        cases.post(&format!("hop {line:?}"), lines.as_bytes(), hidden.as_bytes(), direct);
    }
}
