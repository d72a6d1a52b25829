//! Requests whose end is told in two ways, or in none that is right.

use super::case::{
    Cases,
    Reading::{Reads, Refused, RefusedOr},
};

/// Ways to say, or nearly to say, that a body comes in chunks. The second value: it says so in truth.
const TRANSFER_ENCODINGS: &[(&[u8], bool)] = &[
    (b"Transfer-Encoding: chunked\r\n", true),
    (b"Transfer-Encoding:chunked\r\n", true),
    (b"Transfer-Encoding:\tchunked\r\n", true),
    (b"Transfer-Encoding:  chunked \t\r\n", true),
    (b"transfer-encoding: Chunked\r\n", true),
    (b"TRANSFER-ENCODING: CHUNKED\r\n", true),
    (b"Transfer-Encoding : chunked\r\n", false),
    (b"Transfer-Encoding\t: chunked\r\n", false),
    (b" Transfer-Encoding: chunked\r\n", false),
    (b"X: y\r\n Transfer-Encoding: chunked\r\n", false),
    (b"Transfer-Encoding:\r\n chunked\r\n", false),
    (b"Transfer-Encoding: chunked\r\n cow\r\n", false),
    (b"Transfer-Encoding: chun\r\n ked\r\n", false),
    (b"Transfer-Encoding: xchunked\r\n", false),
    (b"Transfer-Encoding: chunkedx\r\n", false),
    (b"Transfer-Encoding: chunk\r\n", false),
    (b"Transfer-Encoding: chunked, identity\r\n", false),
    (b"Transfer-Encoding: identity, chunked\r\n", false),
    (b"Transfer-Encoding: chunked, chunked\r\n", false),
    (b"Transfer-Encoding: gzip, chunked\r\n", false),
    (b"Transfer-Encoding: chunked, gzip\r\n", false),
    (b"Transfer-Encoding: \"chunked\"\r\n", false),
    (b"Transfer-Encoding: 'chunked'\r\n", false),
    (b"Transfer-Encoding: chunked;q=1\r\n", false),
    (b"Transfer-Encoding: chunked;\r\n", false),
    (b"Transfer-Encoding: ,chunked\r\n", false),
    (b"Transfer-Encoding: chunked,\r\n", false),
    (b"Transfer-Encoding: identity\r\n", false),
    (b"Transfer-Encoding: cow\r\n", false),
    (b"Transfer-Encoding: \r\n", false),
    (b"Transfer-Encoding: \x0bchunked\r\n", false),
    (b"Transfer-Encoding: chunked\x0b\r\n", false),
    (b"Transfer-Encoding: \x0cchunked\r\n", false),
    (b"Transfer-Encoding: chunked\x00\r\n", false),
    (b"Transfer-Encoding: \x00chunked\r\n", false),
    (b"Transfer-Encoding: chunked\xa0\r\n", false),
    (b"Transfer-Encoding\x00: chunked\r\n", false),
    (b"Transfer-Encoding\xa0: chunked\r\n", false),
    (b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", false),
    (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", false),
    (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", false),
    (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n", false),
    // A bare LF ends a line (RFC 9112 2.2), in every place alike.
    (b"X: y\nTransfer-Encoding: chunked\r\n", true),
    (b"X: y\rTransfer-Encoding: chunked\r\n", false),
    (b"Transfer-Encoding chunked\r\n", false),
    (b"Transfer-\r\nEncoding: chunked\r\n", false),
];

/// Lines that only resemble it: they mean nothing, and a length beside them counts.
const NO_TRANSFER_ENCODINGS: &[&[u8]] = &[
    b"Transfer_Encoding: chunked\r\n",
    b"X-Transfer-Encoding: chunked\r\n",
    b"Transfer-Encodings: chunked\r\n",
    b"Transfer.Encoding: chunked\r\n",
    b"Content-Encoding: chunked\r\n",
];

pub(super) fn add(cases: &mut Cases) {
    for (line, is_one) in TRANSFER_ENCODINGS {
        // With a length beside it the connection ends after the answer (RFC 9112 6.1).
        let shown = line.escape_ascii().to_string();
        let reading = |requests: Vec<_>| if *is_one { RefusedOr(requests) } else { Refused };
        for length_first in [true, false] {
            // The length covers a last chunk and what hides behind it.
            let body = format!("0\r\n\r\n{}", cases.hidden());
            let lines = beside(line, body.len(), length_first);
            let direct = reading(vec![("a", 0)]);
            cases.post(&format!("long length, {shown}"), &lines, body.as_bytes(), direct);
            // The chunk covers what a short length leaves over.
            let hidden = cases.hidden();
            let body = format!("{:x}\r\n{hidden}\r\n0\r\n\r\n", hidden.len());
            let lines = beside(line, 4, length_first);
            let direct = reading(vec![("a", hidden.len())]);
            cases.post(&format!("short length, {shown}"), &lines, body.as_bytes(), direct);
        }
        let direct = if *is_one { Reads(vec![("a", 5), ("z", 0)]) } else { Refused };
        cases.post(&format!("no length, {shown}"), line, b"5\r\nhello\r\n0\r\n\r\n", direct);
    }
    for line in NO_TRANSFER_ENCODINGS {
        let shown = line.escape_ascii().to_string();
        let body = format!("0\r\n\r\n{}", cases.hidden());
        let lines = beside(line, body.len(), true);
        let direct = Reads(vec![("a", body.len()), ("z", 0)]);
        cases.post(&format!("length, {shown}"), &lines, body.as_bytes(), direct);
    }
    lengths(cases);
    odd_lines(cases);
    methods(cases);
}

fn beside(line: &[u8], length: usize, length_first: bool) -> Vec<u8> {
    let length = format!("Content-Length: {length}\r\n").into_bytes();
    if length_first { [&length[..], line].concat() } else { [line, &length[..]].concat() }
}

fn lengths(cases: &mut Cases) {
    // Five bytes, said in a way that is not five to everybody.
    for length in [
        "+5",
        "-5",
        "5.0",
        "0x5",
        "5e0",
        "5;",
        "5,",
        ",5",
        "5 5",
        "5 ,5",
        "\"5\"",
        "5\u{b}",
        "V",
        "",
        "five",
        "5\0",
        "\u{ff15}",
        "99999999999999999999999",
        "18446744073709551621",
        "5, 6",
        "6, 5",
        "0, 5",
        "5, +5",
        "5, 5, 6",
    ] {
        let line = format!("Content-Length: {length}\r\n");
        cases.post(&format!("length {length:?}"), line.as_bytes(), b"hello", Refused);
    }
    // Twice the same may be taken for one (RFC 9110 8.6), zeros in front for none.
    for length in ["5, 5", "5,5", "5, 5, 5", "05", "0000000005"] {
        let line = format!("Content-Length: {length}\r\n");
        let direct = RefusedOr(vec![("a", 5), ("z", 0)]);
        cases.post(&format!("length {length:?}"), line.as_bytes(), b"hello", direct);
    }
    for (one, two) in
        [("5", "6"), ("6", "5"), ("0", "5"), ("5", "0"), ("5", "x"), ("5", ""), ("5", "-5")]
    {
        let lines = format!("Content-Length: {one}\r\nContent-Length: {two}\r\n");
        cases.post(&format!("lengths {one:?} and {two:?}"), lines.as_bytes(), b"hello", Refused);
        let lines = format!("Content-Length: {one}\r\nX: y\r\ncontent-length: {two}\r\n");
        cases.post(&format!("lengths {one:?}, X, {two:?}"), lines.as_bytes(), b"hello", Refused);
        let hidden = cases.hidden();
        let lines = format!("Content-Length: {}\r\nContent-Length: {one}\r\n", hidden.len());
        let name = format!("a hidden one, lengths: its own and {one:?}");
        cases.post(&name, lines.as_bytes(), hidden.as_bytes(), Refused);
    }
    let lines = b"Content-Length: 5\r\nContent-Length: 5\r\n";
    cases.post("the same length twice", lines, b"hello", RefusedOr(vec![("a", 5), ("z", 0)]));
}

/// Lengths in lines that are none, or that some take for two.
fn odd_lines(cases: &mut Cases) {
    for line in [
        "Content-Length : 5",
        "Content-Length\t: 5",
        " Content-Length: 5",
        "Content-Length:\r\n 5",
        "Content-Length: 5\r\n 6",
        "Content-Length\0: 5",
        "X: y\rContent-Length: 5",
    ] {
        let hidden = cases.hidden();
        let line = format!("{}\r\n", line.replace('5', &hidden.len().to_string()));
        cases.post(&format!("{line:?}"), line.as_bytes(), hidden.as_bytes(), Refused);
    }
    // A bare LF ends a line, in every place alike.
    let hidden = cases.hidden();
    let line = format!("X: y\nContent-Length: {}\r\n", hidden.len());
    let direct = RefusedOr(vec![("a", hidden.len()), ("z", 0)]);
    cases.post("a length behind a bare LF", line.as_bytes(), hidden.as_bytes(), direct);
    // Without a length there is no body: what follows is the next request, to everybody.
    for line in ["Content_Length: 5\r\n", "X-Content-Length: 5\r\n", ""] {
        let hidden = cases.hidden();
        let direct = Reads(vec![("a", 0), ("b", 0), ("z", 0)]);
        cases.post(&format!("no length, {line:?}"), line.as_bytes(), hidden.as_bytes(), direct);
    }
}

fn methods(cases: &mut Cases) {
    // A length is a length in a GET too.
    for method in ["GET", "DELETE", "OPTIONS", "PATCH"] {
        let hidden = cases.hidden();
        let begin = format!(
            "{method} {} HTTP/1.1\r\n{}Content-Length: {}\r\n\r\n{hidden}{}",
            cases.path("a"),
            cases.lines(),
            hidden.len(),
            cases.last()
        );
        let direct = Reads(vec![("a", hidden.len()), ("z", 0)]);
        cases.add(&format!("{method} with a body"), begin.into_bytes(), direct);
    }
    // HTTP/1.0 knows no chunks.
    let body = format!("0\r\n\r\n{}", cases.hidden());
    for length in [String::new(), format!("Content-Length: {}\r\n", body.len())] {
        let text = format!(
            "POST {} HTTP/1.0\r\n{}Connection: keep-alive\r\n{length}Transfer-Encoding: chunked\r\n\r\n{body}{}",
            cases.path("a"),
            cases.lines(),
            cases.last()
        );
        cases.add(&format!("HTTP/1.0 in chunks, {length:?}"), text.into_bytes(), Refused);
    }
}
