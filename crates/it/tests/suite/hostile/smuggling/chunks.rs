//! Bodies in chunks whose borders are told in two ways.

use super::case::{
    Cases,
    Reading::{self, Reads, Refused, RefusedOr},
};

const CHUNKED: &[u8] = b"Transfer-Encoding: chunked\r\n";

pub(super) fn add(cases: &mut Cases) {
    let five = || Reads(vec![("a", 5), ("z", 0)]);
    let perhaps_five = || RefusedOr(vec![("a", 5), ("z", 0)]);
    let bodies: Vec<(&str, Vec<u8>, Reading)> = vec![
        ("one chunk", b"5\r\nhello\r\n0\r\n\r\n".to_vec(), five()),
        (
            "five chunks",
            b"1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n".to_vec(),
            five(),
        ),
        ("zeros in front", b"00000005\r\nhello\r\n000\r\n\r\n".to_vec(), five()),
        ("an extension", b"5;a=b\r\nhello\r\n0\r\n\r\n".to_vec(), perhaps_five()),
        ("a quoted extension", b"5;a=\"b;c\"\r\nhello\r\n0;d\r\n\r\n".to_vec(), perhaps_five()),
        ("an extension without a name", b"5;\r\nhello\r\n0\r\n\r\n".to_vec(), perhaps_five()),
        ("a space behind the size", b"5 \r\nhello\r\n0\r\n\r\n".to_vec(), perhaps_five()),
        ("a tab behind the size", b"5\t\r\nhello\r\n0\r\n\r\n".to_vec(), perhaps_five()),
        ("a trailer", b"5\r\nhello\r\n0\r\nX-T: y\r\n\r\n".to_vec(), perhaps_five()),
        ("a space before the size", b" 5\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("0x", b"0x5\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("a sign", b"+5\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("less than nothing", b"-5\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("no size", b"\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("no digit", b"g\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("two sizes", b"5 6\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("a comma", b"5,5\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("an underscore", b"0_5\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("a point", b"5.0\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("a NUL behind the size", b"5\0\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("a NUL before the size", b"\x005\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("64 bits and one", b"10000000000000005\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("32 bits and one, and nothing", b"100000005\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("all bits", b"ffffffffffffffff\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("all bits but one", b"fffffffffffffffe\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("LF behind the size", b"5\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("LF behind the data", b"5\r\nhello\n0\r\n\r\n".to_vec(), Refused),
        ("LF everywhere", b"5\nhello\n0\n\n".to_vec(), Refused),
        ("LF behind the last size", b"5\r\nhello\r\n0\n\r\n".to_vec(), Refused),
        ("LF at the end", b"5\r\nhello\r\n0\r\n\n".to_vec(), RefusedOr(vec![("a", 5)])),
        ("CR behind the size", b"5\rhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("CR and something behind the size", b"5\rX\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("CR CR LF behind the size", b"5\r\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("nothing behind the data", b"5\r\nhello0\r\n\r\n".to_vec(), Refused),
        ("two bytes behind the data", b"5\r\nhelloXX0\r\n\r\n".to_vec(), Refused),
        ("one byte too many", b"5\r\nhellos\r\n0\r\n\r\n".to_vec(), Refused),
        ("one byte too few", b"6\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("LF within an extension", b"5;a\nb\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("CR within an extension", b"5;a\rb\r\nhello\r\n0\r\n\r\n".to_vec(), Refused),
        ("a NUL within an extension", b"5;a\0b\r\nhello\r\n0\r\n\r\n".to_vec(), perhaps_five()),
        ("a line that goes on", b"5\r\n hello\r\n0\r\n\r\n".to_vec(), Refused),
    ];
    for (name, body, direct) in bodies {
        cases.post(&format!("chunks: {name}"), CHUNKED, &body, direct);
    }
    extensions(cases);
    trailers(cases);
    hidden(cases);
}

/// More than 16 KiB of what nobody reads.
fn extensions(cases: &mut Cases) {
    let long = "x".repeat(17 * 1024);
    let many = (0..600).fold(String::new(), |all, n| {
        let extension = "y".repeat(30);
        format!("{all}1;{extension}{n}\r\nz\r\n")
    });
    for (name, body) in [
        ("a long extension", format!("5;{long}\r\nhello\r\n0\r\n\r\n")),
        ("a long value of an extension", format!("5;a=\"{long}\"\r\nhello\r\n0\r\n\r\n")),
        ("a long extension at the end", format!("5\r\nhello\r\n0;{long}\r\n\r\n")),
        (
            "many extensions of one chunk",
            format!("5{}\r\nhello\r\n0\r\n\r\n", ";a=b".repeat(5_000)),
        ),
        ("an extension for each chunk", format!("{many}0\r\n\r\n")),
        ("a long trailer", format!("5\r\nhello\r\n0\r\nX-T: {long}{long}{long}\r\n\r\n")),
        ("many trailers", format!("5\r\nhello\r\n0\r\n{}\r\n", "X-T: y\r\n".repeat(2_000))),
    ] {
        cases.post(&format!("chunks: {name}"), CHUNKED, body.as_bytes(), Refused);
    }
}

/// Trailers that would be something else in a head.
fn trailers(cases: &mut Cases) {
    for trailer in [
        "Content-Length: 100",
        "Transfer-Encoding: chunked",
        "Host: elsewhere",
        "X-Api-Key: kw_x",
        "Authorization: Bearer x",
        "X-Keyward-Tenant: *",
        "Connection: close",
        "Trailer: X-T",
    ] {
        let body = format!("5\r\nhello\r\n0\r\n{trailer}\r\n\r\n");
        let direct = RefusedOr(vec![("a", 5), ("z", 0)]);
        cases.post(&format!("trailer {trailer:?}"), CHUNKED, body.as_bytes(), direct);
    }
    for trailer in ["Space : y", " Folded: y", "no colon", "X\0: y", "X: \0", "\rX: y"] {
        let body = format!("5\r\nhello\r\n0\r\n{trailer}\r\n\r\n");
        cases.post(&format!("trailer {trailer:?}"), CHUNKED, body.as_bytes(), Refused);
    }
    // A bare LF ends no line there: what follows is a trailer too.
    let direct = RefusedOr(vec![("a", 5)]);
    cases.post("a trailer and a bare LF", CHUNKED, b"5\r\nhello\r\n0\r\nX: y\n\r\n", direct);
    let direct = RefusedOr(vec![("a", 5), ("z", 0)]);
    let zeros = format!("{}5\r\nhello\r\n0\r\n\r\n", "0".repeat(17 * 1024));
    cases.post("chunks: many zeros", CHUNKED, zeros.as_bytes(), direct);
}

/// A whole request where the border of a chunk is in doubt.
fn hidden(cases: &mut Cases) {
    for border in ["\n", "\r", "\r\r\n", "\n\r\n", "\r\n ", "\0\r\n", ";\n"] {
        let hidden = cases.hidden();
        let body = format!("5\r\nhello\r\n0{border}{hidden}");
        cases.post(&format!("chunks: hidden behind {border:?}"), CHUNKED, body.as_bytes(), Refused);
        let hidden = cases.hidden();
        let body = format!("{:x}{border}{hidden}\r\n0\r\n\r\n", hidden.len());
        cases.post(
            &format!("chunks: hidden within, {border:?}"),
            CHUNKED,
            body.as_bytes(),
            Refused,
        );
    }
}
