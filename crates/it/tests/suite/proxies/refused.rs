//! Whoever may not pass does not, behind any proxy, by whatever way; the upstream never hears of it.

use super::{BOUND, HERE, STRANGER, Stage, identity, secret};
use it::wire;
use serde_json::{Value, json};

pub(super) async fn all(stage: &Stage, good: &str) {
    let before = stage.passed();
    without_a_key(stage).await;
    in_the_wrong_place(stage, good).await;
    twice(stage, good).await;
    by_what_the_key_may_not(stage).await;
    paths(stage).await;
    strangers(stage, good).await;
    assert_eq!(stage.passed(), before, "somebody passed:\n{}", stage.proxy.log());
    addresses(stage).await;
}

/// `Connection` takes nothing away of whose key it was: an upstream that finds no name might take the
/// call for its own.
pub(super) async fn anonymous(stage: &Stage, good: &str) {
    let names = "X-Keyward-Tenant, x-keyward-key-id, x-keyward-key-name, X-Keyward-Permissions";
    for names in [names.to_owned(), format!("{names}, Upgrade")] {
        let headers = [("X-Api-Key", good), ("Connection", names.as_str())];
        let answer = stage.call("GET", "/orders/1", &headers, "").await;
        if answer.status != 400 {
            let named = identity(&stage.seen_by(&answer)).map(|values| values.len());
            assert_eq!(named, [1; 4]);
        }
    }
}

/// None, a wrong one, a dead one: one answer, with a challenge.
async fn without_a_key(stage: &Stage) {
    let dead = stage.installation.key(&json!({})).await;
    stage.installation.revoke(&dead).await;
    let dead = secret(&dead);
    let disabled = stage.installation.secret(&json!({"enabled": false})).await;
    let mut answers = Vec::new();
    for key in ["kw_nobodys", &dead, &disabled, "Bearer x", "%00", "' OR 1=1 --"] {
        let answer = stage.get("/orders/1", key).await;
        assert_eq!(answer.status, 401, "{key}: {}", answer.text());
        assert!(answer.header("www-authenticate").is_some(), "{key}");
        let mut told = answer.json();
        for name in ["instance", "requestId"] {
            told[name] = Value::Null;
        }
        answers.push(told);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "what is wrong with a key is told apart: {answers:?}");
    for target in ["/orders/1", "/orders/"] {
        let answer = stage.call("GET", target, &[], "").await;
        assert_eq!(answer.status, 401, "{target}");
        assert!(answer.header("www-authenticate").is_some(), "{target}");
        assert_eq!(answer.headers.iter().filter(|(name, _)| name == "www-authenticate").count(), 1);
    }
}

/// A key where the policy does not look is none.
async fn in_the_wrong_place(stage: &Stage, good: &str) {
    let cookie = format!("key={good}; x-api-key={good}");
    for header in [
        ("X-Key", good),
        ("Api-Key", good),
        ("X_Api_Key", good),
        ("Proxy-Authorization", good),
        ("Cookie", &cookie),
        ("Authorization", good),
        ("X-Original-URI", &format!("/orders/1?x-api-key={good}")),
    ] {
        let answer = stage.call("GET", "/orders/1", &[header], "").await;
        assert!(matches!(answer.status, 400 | 401), "{header:?}: {}", answer.status);
    }
    for query in ["x-api-key", "key", "access_token", "api_key"] {
        let answer = stage.call("GET", &format!("/orders/1?{query}={good}"), &[], "").await;
        assert_eq!(answer.status, 401, "{query}");
    }
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let answer = stage.call("POST", "/orders/1", &form, &format!("x-api-key={good}")).await;
    assert_eq!(answer.status, 401);
}

/// Two keys in one call, the same one or not.
async fn twice(stage: &Stage, good: &str) {
    let other = stage.installation.secret(&json!({})).await;
    let bearer = format!("Bearer {good}");
    let joined = format!("{good}, {other}");
    for headers in [
        &[("X-Api-Key", good), ("X-Api-Key", good)][..],
        &[("X-Api-Key", good), ("x-api-key", &other)],
        &[("X-Api-Key", good), ("Authorization", &bearer)],
    ] {
        let answer = stage.call("GET", "/orders/1", headers, "").await;
        assert_eq!(answer.status, 400, "{headers:?}: {}", answer.text());
    }
    // Envoy makes one field of several `Authorization`: two credentials all the same.
    let headers = [("Authorization", bearer.as_str()); 2];
    let answer = stage.call("GET", "/orders/1", &headers, "").await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    let answer = stage.get("/orders/1", &joined).await;
    assert!(matches!(answer.status, 400 | 401), "{}", answer.status);
}

/// A good key for something else, whatever the client says of where it goes.
async fn by_what_the_key_may_not(stage: &Stage) {
    let writer = stage.installation.secret(&json!({"permissions": ["orders:write"]})).await;
    assert_eq!(stage.get("/orders/1", &writer).await.status, 403);
    let reads = stage.installation.secret(&json!({"allowList": {"methods": ["GET"]}})).await;
    for name in ["X-Original-Method", "X-Forwarded-Method", "X-HTTP-Method-Override"] {
        let headers = [("X-Api-Key", reads.as_str()), (name, "GET")];
        assert_eq!(stage.call("POST", "/orders/1", &headers, "x").await.status, 403, "{name}");
    }
    let public =
        stage.installation.secret(&json!({"allowList": {"paths": ["/orders/public"]}})).await;
    for name in [
        "X-Original-URI",
        "X-Original-URL",
        "X-Forwarded-Uri",
        "X-Rewrite-URL",
        "X-Forwarded-Path",
        "X-Envoy-Original-Path",
    ] {
        let headers = [("X-Api-Key", public.as_str()), (name, "/orders/public")];
        assert_eq!(stage.call("GET", "/orders/1", &headers, "").await.status, 403, "{name}");
    }
}

/// A key that may go to one path goes nowhere else, however that is written.
async fn paths(stage: &Stage) {
    let public =
        stage.installation.secret(&json!({"allowList": {"paths": ["/orders/public"]}})).await;
    for target in [
        "/orders/public/../1",
        "/orders/public/..",
        "/orders/public/./../1",
        "/orders/public/%2e%2e/1",
        "/orders/public/.%2E/1",
        "/orders/public%2f..%2f1",
        "/orders/public/..%2f1",
        "/orders/public%5c..%5c1",
        "/orders/public\\..\\1",
        "/orders/public/..;/1",
        "/orders/public/%252e%252e/1",
        "/orders/public%00/1",
        "/orders//public/1",
        "//orders/public/1",
        "/orders/./public/1",
        "/orders/1/../public",
        "/orders/%70ublic/1",
        "/orders/publicity",
        "/orders/1?/orders/public",
        "/orders/1%3f/orders/public",
        "/orders/1;/orders/public",
        "/ORDERS/public",
        "/_keyward/orders",
        "/_keyward/preflight/orders",
        "/check/orders",
        "http://elsewhere.example/orders/1",
    ] {
        let answer = stage.get(target, &public).await;
        assert!(matches!(answer.status, 400 | 403 | 404), "{target}: {}", answer.status);
    }
}

/// Who is not the proxy is not answered, whatever it says of itself.
async fn strangers(stage: &Stage, good: &str) {
    let keyward = stage.installation.address();
    let headers = [("X-Api-Key", good), ("X-Forwarded-For", HERE), ("X-Real-IP", HERE)];
    let answer = wire::call(STRANGER, keyward, "GET", "/check/orders", &headers, "").await;
    assert_eq!(answer.expect("an answer").status, 404);
}

/// A key that is bound to an address works from there, and from nowhere that only says so.
async fn addresses(stage: &Stage) {
    let bound = stage.installation.secret(&json!({"allowList": {"addresses": [BOUND]}})).await;
    let key = [("X-Api-Key", bound.as_str())];
    let answer = stage.call_from(BOUND, "GET", "/orders/1", &key, "").await;
    let seen = stage.seen_by(&answer);
    assert_eq!(seen.header("x-forwarded-for"), [BOUND]);
    let before = stage.passed();
    for from in [STRANGER, HERE] {
        for (name, value) in [
            ("X-Forwarded-For", BOUND),
            ("X-Forwarded-For", "127.0.0.2, 127.0.0.1"),
            ("X-Forwarded-For", "127.0.0.1, 127.0.0.2"),
            ("X_Forwarded_For", BOUND),
            ("Forwarded", "for=127.0.0.2"),
            ("X-Real-IP", BOUND),
            ("X-Client-IP", BOUND),
            ("True-Client-IP", BOUND),
            ("CF-Connecting-IP", BOUND),
            ("X-Cluster-Client-IP", BOUND),
            ("X-Envoy-External-Address", BOUND),
            ("Via", "1.1 127.0.0.2"),
        ] {
            let headers = [key[0], (name, value)];
            let answer = stage.call_from(from, "GET", "/orders/1", &headers, "").await;
            assert_eq!(answer.status, 403, "{from} {name}: {value}");
        }
    }
    assert_eq!(stage.passed(), before);
}
