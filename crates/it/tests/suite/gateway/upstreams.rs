//! Upstreams that are away, slow, or break off.

use super::{Stage, call, client, exchanged, get, route};
use domain::policy::Envelope;
use http::{Method, Request};
use it::upstream::Upstream;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::SeqCst},
};

#[tokio::test]
async fn an_upstream_that_is_away_or_slow_is_said_in_the_route_s_envelope() {
    for (envelope, pointer, away, slow) in [
        (Envelope::Problem, "/code", "bad_gateway".into(), "gateway_timeout".into()),
        (Envelope::Ges, "/status/code", 502.into(), 504.into()),
        (Envelope::Nexus, "/status/message", "Bad gateway".into(), "Gateway timeout".into()),
        (Envelope::Experience, "/error", "bad_gateway".into(), "gateway_timeout".into()),
        (
            Envelope::Nexusone,
            "/detail",
            "the upstream cannot be reached, or its answer cannot be used".into(),
            "the upstream did not answer in time".into(),
        ),
    ] {
        let stage = Stage::start(|route| {
            route.policy.envelope = envelope;
            route.timeouts.answer_ms = 50;
            route.timeouts.connect_ms = 200;
        })
        .await;
        let late = stage.caller().get("/orders/silent").await;
        let said: Option<serde_json::Value> = late.json().pointer(pointer).cloned();
        assert_eq!((late.status.as_u16(), said), (504, Some(slow)), "{envelope:?}");
        let Stage { world, upstream, key, .. } = stage;
        upstream.stop().await;
        let answer = world.anonymous().with_header("x-api-key", &key).get("/orders").await;
        let said: Option<serde_json::Value> = answer.json().pointer(pointer).cloned();
        assert_eq!((answer.status.as_u16(), said), (502, Some(away)), "{envelope:?}");
    }
}

#[tokio::test]
async fn only_what_may_be_repeated_is_sent_again() {
    let stage = Stage::start(|_| {}).await;
    let caller = stage.caller();
    assert_eq!(caller.get("/orders/hang-up").await.status, 502);
    assert_eq!(stage.upstream.calls(), 3, "a GET is tried three times");
    assert_eq!(caller.act("/orders/hang-up").await.status, 502);
    assert_eq!(stage.upstream.calls(), 4, "a POST once");
    let put = caller.send(Method::PUT, "/orders/hang-up", None, "body".into()).await;
    assert_eq!(put.status, 502);
    assert_eq!(stage.upstream.calls(), 5, "what has a body once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_of_the_upstream_loses_no_call_that_can_be_repeated() {
    let stage = Stage::start(|_| {}).await;
    let address = stage.upstream.address;
    let Stage { world, mut upstream, key, .. } = stage;
    let done = Arc::new(AtomicBool::new(false));
    let callers = (0..8).map(|_| {
        let (caller, done) = (world.anonymous().with_header("x-api-key", &key), Arc::clone(&done));
        tokio::spawn(async move {
            let mut answered = 0;
            while !done.load(SeqCst) {
                let answer = caller.get("/orders").await;
                assert_eq!(answer.status, 200, "after {answered}: {}", answer.text());
                answered += 1;
            }
            answered
        })
    });
    let callers: Vec<_> = callers.collect();
    // As often as a call is repeated.
    for _ in 0..2 {
        let before = upstream.calls();
        while upstream.calls() < before + 50 {
            tokio::task::yield_now().await;
        }
        upstream.stop().await;
        upstream = Upstream::start_at(address, None).await.expect("its old port");
    }
    done.store(true, SeqCst);
    for caller in callers {
        assert!(caller.await.expect("no call was lost") > 0);
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_whether_it_says_so_or_not() {
    let stage = Stage::start(|route| route.max_body_bytes = Some(1_000)).await;
    let told = stage.caller().send(Method::POST, "/orders", None, vec![b'x'; 1_000].into()).await;
    assert_eq!(told.json()["bytes"], 1_000);
    let long = stage.caller().send(Method::POST, "/orders", None, vec![b'x'; 1_001].into()).await;
    assert_eq!((long.status.as_u16(), &long.json()["code"]), (413, &"body_too_large".into()));
    assert_eq!(stage.upstream.calls(), 1);
    let address = stage.listen().await;
    let head = format!(
        "POST /orders HTTP/1.1\r\nhost: a\r\nx-api-key: {}\r\ntransfer-encoding: chunked\r\n\r\n",
        stage.key
    );
    let chunks =
        "1f4\r\n".to_owned() + "x".repeat(500).as_str() + "\r\n1f5\r\n" + "x".repeat(501).as_str();
    let answer = exchanged(address, &format!("{head}{chunks}\r\n0\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_never_looks_complete() {
    let stage = Stage::start(|_| {}).await;
    let address = stage.listen().await;
    for http2 in [false, true] {
        let broken = call(&client(http2), get(address, "/orders/broken", &stage.key), "").await;
        assert!(broken.is_err(), "HTTP/2: {http2}");
    }
    // Nor does one of an upstream that falls silent in the middle.
    let mut orders = route("orders", "/orders", &stage.upstream);
    orders.timeouts.idle_ms = 50;
    super::configure(&stage.world, vec![orders]);
    let silent = call(&client(false), get(address, "/orders/events", &stage.key), "").await;
    assert!(silent.is_err());
}

#[tokio::test]
async fn calls_that_last_take_no_place_of_the_api() {
    let stage =
        Stage::start_with(Upstream::start().await, |config| config.limits.in_flight = 1, |_| {})
            .await;
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let caller = stage.caller();
            tokio::spawn(async move { caller.get("/orders/silent").await })
        })
        .collect();
    while stage.upstream.calls() < 20 {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.caller().get("/v1/whoami").await.status, 200);
    assert_eq!(stage.caller().get("/orders").await.status, 200);
    for call in calls {
        call.abort();
    }
}

#[tokio::test]
async fn an_upgrade_over_http_2_is_none() {
    let stage = Stage::start(|_| {}).await;
    let address = stage.listen().await;
    let request =
        Request::get(format!("http://{address}/orders/socket")).header("x-api-key", &stage.key);
    let answer = call(&client(true), request, "").await.expect("an answer");
    assert_eq!(answer.status, 426);
}
