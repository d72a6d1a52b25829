//! What verify is told of a call: all of it in the question, nothing by the call that asks.

use super::{CALLS, PREFIX, made, verdict};
use it::World;
use serde_json::{Value, json};

const BATCH: &str = "/v1/keys/verify-batch";

/// Lists, the verdict where the question says nothing, and what it must say.
fn lists() -> [(Value, &'static str, Value); 4] {
    [
        (
            json!({"origins": ["https://shop.example"]}),
            "ORIGIN_NOT_ALLOWED",
            json!({"origin": "https://shop.example"}),
        ),
        (
            json!({"addresses": ["198.51.100.0/24", "!198.51.100.9"]}),
            "ADDRESS_NOT_ALLOWED",
            json!({"clientAddress": "::ffff:198.51.100.7"}),
        ),
        (json!({"methods": ["POST"]}), "REQUEST_NOT_ALLOWED", json!({"method": "POST"})),
        (json!({"paths": ["/v1/keys"]}), "REQUEST_NOT_ALLOWED", json!({"path": "/v1/keys/verify"})),
    ]
}

fn asked(secret: &str, more: &Value) -> Value {
    let mut question = json!({"secret": secret});
    for (member, value) in more.as_object().unwrap() {
        question[member] = value.clone();
    }
    question
}

#[tokio::test]
async fn al_03_verify_takes_nothing_of_a_call_from_the_call_that_asks() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    // Asks from an address, with an origin, by a method and at a path that all the lists hold.
    let asks = world
        .client("verifier-a")
        .await
        .from_address("198.51.100.7")
        .with_header("origin", "https://shop.example")
        .with_header("referer", "https://shop.example/page");
    for (list, refused, said) in lists() {
        let secret = made(&admin, &list).await;
        assert_eq!(verdict(&asks, &asked(&secret, &json!({}))).await, refused, "{list}");
        assert_eq!(verdict(&asks, &asked(&secret, &said)).await, "VALID", "{list}");
        let both = json!({"questions": [asked(&secret, &json!({})), asked(&secret, &said)]});
        let answer = asks.post(BATCH, &both).await.json();
        let verdicts = answer["verdicts"].as_array().unwrap();
        let verdicts: Vec<&str> =
            verdicts.iter().map(|one| one["verdict"].as_str().unwrap()).collect();
        assert_eq!(verdicts, [refused, "VALID"], "{list}");
    }
}

#[tokio::test]
async fn al_02_an_address_that_cannot_be_read_is_no_question() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, &json!({"addresses": ["10.0.0.0/8"]})).await;
    let asks = world.client("verifier-a").await;
    for bad in [
        "",
        "10.0.0.1/8",
        "010.0.0.1",
        "10.1",
        "0x0a000001",
        "10.0.0.1:80",
        "[::1]",
        "fe80::1%eth0",
        "10.0.0.1, 10.0.0.2",
        " 10.0.0.1",
        "localhost",
    ] {
        let question = json!({"secret": secret, "clientAddress": bad});
        let answer = asks.post("/v1/keys/verify", &question).await;
        assert_eq!(answer.status, 400, "{bad}: {}", answer.text());
        assert_eq!(answer.json()["field"], "clientAddress");
        let answer = asks.post(BATCH, &json!({"questions": [question]})).await;
        assert_eq!(answer.status, 400, "{bad}: {}", answer.text());
        assert_eq!(answer.json()["field"], "questions[0].clientAddress");
    }
}

#[tokio::test]
async fn al_03_what_merely_looks_like_an_origin_is_refused() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, &json!({"origins": ["shop.example", "*.shop.example"]})).await;
    let asks = world.client("verifier-a").await;
    let said =
        async |origin: &str| verdict(&asks, &json!({"secret": secret, "origin": origin})).await;
    for good in ["https://shop.example", "https://SHOP.example:443", "https://a.b.shop.example"] {
        assert_eq!(said(good).await, "VALID", "{good}");
    }
    for bad in [
        "",
        "null",
        "shop.example",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.",
        "https://shop.example/",
        "https://me@shop.example",
        "https://shop.example@evil.test",
        "https://shop.example.evil.test",
        "https://evilshop.example",
        "https://shop.example, https://evil.test",
        " https://shop.example",
        "https://sh\u{43e}p.example",
        "https://shop\u{3002}example",
        "https://shop%2eexample",
        "https://.shop.example",
        "https:\\\\shop.example",
    ] {
        assert_eq!(said(bad).await, "ORIGIN_NOT_ALLOWED", "{bad}");
    }
}

#[tokio::test]
async fn verify_reads_a_path_as_every_way_in_does() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, &json!({"paths": [PREFIX]})).await;
    let asks = world.client("verifier-a").await;
    let said = async |path: &str| verdict(&asks, &json!({"secret": secret, "path": path})).await;
    for (path, holds) in CALLS {
        let wanted = if holds { "VALID" } else { "REQUEST_NOT_ALLOWED" };
        assert_eq!(said(path).await, wanted, "{path}");
    }
    // Told whole, it could end anywhere.
    for odd in ["/orders/eu/7?a=b", "/orders/eu/7#a", "https://host/orders/eu", "orders/eu", ""] {
        assert_eq!(said(odd).await, "REQUEST_NOT_ALLOWED", "{odd}");
    }
    let by_method = made(&admin, &json!({"methods": ["GET"]})).await;
    for (method, wanted) in
        [("GET", "VALID"), ("get", "REQUEST_NOT_ALLOWED"), ("GET ", "REQUEST_NOT_ALLOWED")]
    {
        let question = json!({"secret": by_method, "method": method});
        assert_eq!(verdict(&asks, &question).await, wanted, "{method}");
    }
}
