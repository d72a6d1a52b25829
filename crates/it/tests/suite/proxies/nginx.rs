//! nginx: `auth_request`.

use super::{PAGE, Stage, holds, identity, secret};
use it::{proxy::Kind, world::TENANT};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_nginx_a_key_passes_and_nothing_else_does() {
    let stage = Stage::start(Kind::Nginx).await;
    let key = stage.installation.key(&json!({})).await;
    queries(&stage, &secret(&key)).await;
    elsewhere(&stage, &secret(&key)).await;
    holds(&stage).await;
    let log = stage.proxy.log();
    assert!(!log.contains(&secret(&key)), "a key in the log:\n{log}");
}

/// A key in the query goes neither on to the API nor into a log.
async fn queries(stage: &Stage, good: &str) {
    for (query, rest) in [
        (format!("key={good}"), ""),
        (format!("key={good}&page=2"), "?page=2"),
        (format!("page=2&key={good}"), "?page=2"),
        (format!("page=2&key={good}&sort=up"), "?page=2&sort=up"),
        (format!("monkey=1&key={good}&keys=2"), "?monkey=1&keys=2"),
    ] {
        let answer = stage.call("GET", &format!("/exports/all?{query}"), &[], "").await;
        let seen = stage.seen_by(&answer);
        assert_eq!(seen.target, format!("/exports/all{rest}"));
        assert_eq!(identity(&seen)[0], [TENANT]);
        assert!(!format!("{seen:?}").contains(good));
    }
    let before = stage.passed();
    for (query, status) in [
        (String::new(), 401),
        ("key=".to_owned(), 401),
        ("key=kw_nobodys".to_owned(), 401),
        (format!("KEY={good}"), 401),
        (format!("key={good}&key={good}"), 400),
        (format!("key={good}&key=x"), 400),
        (format!("key=&key={good}"), 400),
        (format!("key={good}&key="), 400),
        (format!("key&key={good}"), 400),
        (format!("k%65y={good}"), 400),
        (format!("key={good}&%6bey={good}"), 400),
        (format!("page=2;key={good}"), 401),
    ] {
        let answer = stage.call("GET", &format!("/exports/all?{query}"), &[], "").await;
        assert_eq!(answer.status, status, "{query}");
    }
    let asked = [("Origin", PAGE), ("Access-Control-Request-Method", "GET")];
    let answer = stage.call("OPTIONS", "/exports/all", &asked, "").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some(PAGE)));
    assert_eq!(stage.passed(), before);
}

/// What no location names is closed; what asks Keyward cannot be asked from outside.
async fn elsewhere(stage: &Stage, good: &str) {
    let before = stage.passed();
    for target in
        ["/", "/other", "/_keyward/orders", "/_keyward/exports", "/_keyward/preflight/orders"]
    {
        assert_eq!(stage.get(target, good).await.status, 404, "{target}");
    }
    assert_eq!(stage.passed(), before);
    assert_eq!(stage.call("GET", "/health", &[], "").await.status, 200);
}
