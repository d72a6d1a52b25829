//! What an entry may be, and how it is said afterwards.

use super::body;
use it::World;
use serde_json::{Value, json};

#[tokio::test]
async fn al_03_entries_that_cannot_be_compared_are_refused_by_their_place() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let key = admin.post("/v1/keys", &body("api", &json!({}))).await.json();
    let path = format!("/v1/keys/{}", key["id"].as_str().unwrap());
    for (member, good, bad) in [
        ("origins", "shop.example", "null"),
        ("origins", "*.shop.example", "https://shop.example/"),
        ("origins", "http://localhost:3000", "https://me@shop.example"),
        ("origins", "https://[2001:db8::1]", "*.10.0.0.1"),
        ("origins", "chrome-extension://abcdefgh", "ftp://shop.example"),
        ("addresses", "10.0.0.0/8", "10.0.0.0/33"),
        ("addresses", "!2001:db8::/32", "010.0.0.0/8"),
        ("addresses", "192.0.2.1", "fe80::1%eth0"),
        ("methods", "GET", "get"),
        ("methods", "PURGE", ""),
        ("paths", "/orders", "orders"),
        ("paths", "/orders", "/orders/*"),
        ("paths", "/orders/", "/orders?x"),
        ("paths", "/", "/orders/../admin"),
        ("paths", "/a%20b", "/orders%2fx"),
        ("paths", "/caf\u{e9}", "//orders"),
    ] {
        let list = json!({member: [good, bad]});
        let created = admin.post("/v1/keys", &body("api", &list)).await;
        let change = json!({"allowList": list});
        let changed = admin.patch(&path, &change).await;
        for answer in [created, changed] {
            assert_eq!(answer.status, 400, "{list}: {}", answer.text());
            assert_eq!(answer.json()["field"], "allowList");
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(&format!("entry 2 of `{member}`")), "{list}: {detail}");
        }
        let fine = admin.patch(&path, &json!({"allowList": {member: [good]}})).await;
        assert_eq!(fine.status, 200, "{good}: {}", fine.text());
    }
}

#[tokio::test]
async fn a_list_is_said_whole_as_it_is_compared() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let given = json!({
        "origins": ["Shop.Example", "https://shop.example:443", "*.b\u{fc}cher.example",
                    "http://[2001:DB8:0:0::1]:8080", "http://a.example:443"],
        "addresses": ["10.1.2.3/8", "!10.9.0.0/16", "::ffff:192.0.2.0/120", "2001:DB8::7"],
        "methods": ["GET", "POST"],
        "paths": ["/orders/", "/a b"],
    });
    let kept = json!({
        "origins": ["https://shop.example", "https://shop.example", "https://*.xn--bcher-kva.example",
                    "http://[2001:db8::1]:8080", "http://a.example:443"],
        "addresses": ["10.0.0.0/8", "!10.9.0.0/16", "192.0.2.0/24", "2001:db8::7/128"],
        "methods": ["GET", "POST"],
        "paths": ["/orders/", "/a b"],
    });
    let made = admin.post("/v1/keys", &body("api", &given)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["allowList"], kept);
    let path = format!("/v1/keys/{}", made.json()["id"].as_str().unwrap());
    let version = made.json()["version"].clone();
    // What is shown may be sent back, and is no change.
    let again = admin.patch(&path, &json!({"allowList": kept})).await;
    assert_eq!((again.status.as_u16(), &again.json()["version"]), (200, &version));
    let world = world.restart().await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.get(&path).await.json()["allowList"], kept);
    let copied = admin.act(&format!("{path}/copy")).await;
    assert_eq!(copied.json()["allowList"], kept, "a copy is as confined as its source");
    let log = admin.get("/v1/audit?action=key.create&limit=1").await.json();
    let Value::Array(entries) = &log["events"][0]["event"]["after"]["allowList"] else {
        panic!("{log}");
    };
    assert!(entries.contains(&json!("address !10.9.0.0/16")), "{log}");
}

#[tokio::test]
async fn a_list_is_no_longer_than_a_verification_can_walk() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let many =
        |count: usize| -> Vec<String> { (0..count).map(|n| format!("h{n}.example")).collect() };
    let most = admin.post("/v1/keys", &body("api", &json!({"origins": many(100)}))).await;
    assert_eq!(most.status, 201, "{}", most.text());
    for list in [json!({"origins": many(101)}), json!({"paths": [format!("/{}", "x".repeat(255))]})]
    {
        let refused = admin.post("/v1/keys", &body("api", &list)).await;
        assert_eq!(refused.status, 400, "{}", refused.text());
        assert_eq!(refused.json()["field"], "allowList");
    }
}
