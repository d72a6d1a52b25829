//! A service that asks Keyward whether its caller's key may pass. `verdict` is all there is to it; the
//! rest stands for your web framework, so that this builds without any dependency.

use std::env;
use std::io::{BufRead as _, BufReader, Read as _, Result, Write as _};
use std::net::{TcpListener, TcpStream};

/// Asks Keyward: the name of the verdict, `VALID` or why not.
fn verdict(keyward: &str, own_key: &str, secret: &str) -> Result<String> {
    let body = format!(r#"{{"secret":"{secret}","permissions":{{"all":["orders:read"]}}}}"#);
    let mut connection = TcpStream::connect(keyward)?;
    write!(
        connection,
        "POST /v1/keys/verify HTTP/1.1\r\nHost: {keyward}\r\nAuthorization: Bearer {own_key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    let verdict = answer.split_once(r#""verdict":""#).and_then(|(_, rest)| rest.split_once('"'));
    Ok(verdict.map_or("UNKNOWN", |(verdict, _)| verdict).to_owned())
}

/// The key of a request: `Authorization: Bearer …`. No key has a quote or a backslash in it.
fn presented(request: &TcpStream) -> Result<String> {
    let mut secret = String::new();
    for line in BufReader::new(request).lines() {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(": Bearer ")
            && name.eq_ignore_ascii_case("authorization")
        {
            secret =
                value.chars().filter(|c| c.is_ascii_graphic() && !"\"\\".contains(*c)).collect();
        }
    }
    Ok(secret)
}

fn main() -> Result<()> {
    let setting = |name: &str, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
    let keyward = setting("KEYWARD", "127.0.0.1:8080");
    let own_key = setting("KEYWARD_KEY", "");
    let listener = TcpListener::bind(setting("LISTEN", "127.0.0.1:9000"))?;
    println!("listening on {}", listener.local_addr()?);
    for connection in listener.incoming() {
        let mut connection = connection?;
        // What cannot be asked is refused: a service that lets everybody pass has no keys.
        let verdict = presented(&connection)
            .and_then(|secret| verdict(&keyward, &own_key, &secret))
            .unwrap_or_else(|_| "UNKNOWN".to_owned());
        let (status, body) = match verdict.as_str() {
            "VALID" => ("200 OK", "your orders\n".to_owned()),
            "RATE_LIMITED" => ("429 Too Many Requests", "later\n".to_owned()),
            "UNKNOWN" => (
                "503 Service Unavailable",
                "Keyward gives no verdict: does it run, and is KEYWARD_KEY right?\n".to_owned(),
            ),
            why => ("401 Unauthorized", format!("{why}\n")),
        };
        // A caller that is gone is nobody's failure.
        let _ = write!(
            connection,
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
    }
    Ok(())
}
