#![allow(clippy::unwrap_used)]
use super::*;
use crate::outgoing::Resolver;
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A server that answers each connection with these bytes and closes it; `hold` leaves it open.
async fn server(answer: Vec<u8>, hold: bool) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&answer).await;
                if hold {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    address
}

async fn answer_to(answer: impl Into<Vec<u8>>) -> Result<Answer, CallFailed> {
    let address = server(answer.into(), false).await;
    call(&format!("http://{address}/x"), true).await
}

async fn call(url: &str, trusted: bool) -> Result<Answer, CallFailed> {
    outbound(&Outgoing::default()).call(Call::get(url.to_owned(), trusted)).await
}

fn json(head: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{head}\r\n\r\n{body}")
}

#[tokio::test]
async fn ap_10_only_json_is_read_and_only_of_a_good_answer() {
    let good = answer_to(json(
        "Content-Type: application/json; charset=utf-8\r\nCache-Control: public, max-age=90",
        "{}",
    ))
    .await
    .unwrap();
    assert_eq!((good.status, good.body, good.max_age_s), (200, b"{}".to_vec(), Some(90)));
    assert!(answer_to(json("Content-Type: application/jwk-set+json", "{}")).await.is_ok());
    for head in [
        "Content-Type: text/html",
        "X: y",
        "Content-Type: application/json\r\nContent-Encoding: gzip",
        "Content-Type: application/json\r\nContent-Type: text/plain",
    ] {
        assert_eq!(answer_to(json(head, "{}")).await.unwrap_err(), CallFailed::NotJson, "{head}");
    }
    let refused =
        "HTTP/1.1 500 X\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n\"secret\"";
    let refused = answer_to(refused).await.unwrap();
    assert_eq!((refused.status, refused.body.len()), (500, 0));
}

#[tokio::test]
async fn ss_02_no_redirection_is_followed() {
    let target = server(json("Content-Type: application/json", "{}").into(), false).await;
    let redirect =
        format!("HTTP/1.1 302 Found\r\nLocation: http://{target}/\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(answer_to(redirect).await.unwrap().status, 302);
}

#[tokio::test]
async fn ap_10_an_answer_that_is_too_long_is_cut_off() {
    let kind = "Content-Type: application/json";
    let most = MAX_ANSWER_BYTES;
    assert_eq!(answer_to(json(kind, &"1".repeat(most))).await.unwrap().body.len(), most);
    assert_eq!(
        answer_to(json(kind, &"1".repeat(most + 1))).await.unwrap_err(),
        CallFailed::TooLong
    );
    let chunk = format!("{:x}\r\n{}\r\n", 60_000, "1".repeat(60_000));
    let endless = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{kind}\r\n\r\n{chunk}{chunk}{chunk}"
    );
    assert_eq!(answer_to(endless).await.unwrap_err(), CallFailed::TooLong);
    let heads = "X: 1\r\n".repeat(10_000);
    assert_eq!(
        answer_to(json(&format!("{heads}{kind}"), "{}")).await.unwrap_err(),
        CallFailed::NoAnswer
    );
}

#[tokio::test]
async fn ss_02_an_answer_that_lasts_too_long_is_given_up() {
    let slow =
        server(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n".to_vec(), true).await;
    let outbound = within(&Outgoing::default(), Duration::from_millis(50));
    let answer = outbound.call(Call::get(format!("http://{slow}/"), true)).await;
    assert_eq!(answer.unwrap_err(), CallFailed::TooLate);
}

#[tokio::test]
async fn ss_02_a_name_that_is_looked_up_for_too_long_is_given_up() {
    let resolver = Resolver::new(|_, _| Box::pin(std::future::pending()));
    let outgoing = Outgoing { resolver, ..Outgoing::default() };
    let named = Call::get("https://sso.example/".to_owned(), false);
    let answer = within(&outgoing, Duration::from_millis(50)).call(named).await;
    assert_eq!(answer.unwrap_err(), CallFailed::TooLate);
}

#[tokio::test]
async fn ss_01_nothing_within_is_called_unless_the_operator_names_it() {
    let within = server(json("Content-Type: application/json", "{}").into(), false).await;
    assert!(call(&format!("http://{within}/"), true).await.is_ok());
    for url in [
        format!("http://{within}/"),
        format!("https://{within}/"),
        "https://127.0.0.1/".to_owned(),
        "https://127.0.0.1:8443/".to_owned(),
        "https://[::1]/".to_owned(),
        "https://[::ffff:127.0.0.1]/".to_owned(),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://2130706433/".to_owned(),
        "https://localhost/".to_owned(),
        "https://1.1.1.1:22/".to_owned(),
        "http://1.1.1.1/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "gopher://127.0.0.1/".to_owned(),
        "/etc/passwd".to_owned(),
    ] {
        assert_eq!(call(&url, false).await.unwrap_err(), CallFailed::NotAllowed, "{url}");
    }
    let resolver = Resolver::new(|_, port| {
        let within = SocketAddr::from(([10, 0, 0, 1], port));
        Box::pin(async move { Ok(vec![within]) })
    });
    let outgoing = Outgoing { resolver, ..Outgoing::default() };
    let named = Call::get("https://rebinding.example/".to_owned(), false);
    assert_eq!(outbound(&outgoing).call(named).await.unwrap_err(), CallFailed::NotAllowed);
}
