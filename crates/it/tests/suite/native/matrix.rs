//! Every operation on a key by every kind of caller.

use super::{made, nexus};
use http::Method;
use it::World;
use serde_json::json;

/// Method, the path behind the id, and the statuses of: the administrator, one who only sees, one
/// without any right, another tenant's administrator, nobody.
const ROWS: &[(&str, &str, [u16; 5])] = &[
    ("GET", "", [200, 200, 403, 404, 401]),
    ("GET", "/usage", [200, 200, 403, 404, 401]),
    ("GET", "/audit", [200, 200, 403, 404, 401]),
    ("PATCH", "", [200, 403, 403, 404, 401]),
    ("POST", "/disable", [200, 403, 403, 404, 401]),
    ("POST", "/enable", [200, 403, 403, 404, 401]),
    ("POST", "/acknowledge", [409, 403, 403, 404, 401]),
    ("POST", "/reveal", [200, 403, 403, 404, 401]),
    ("POST", "/copy", [201, 403, 403, 404, 401]),
    ("POST", "/rotate", [200, 403, 403, 404, 401]),
    ("GET", "/secrets", [200, 200, 403, 404, 401]),
    ("POST", "/retire-secret", [200, 403, 403, 404, 401]),
    ("POST", "/regenerate", [409, 403, 403, 404, 401]),
    ("POST", "/revoke", [200, 403, 403, 404, 401]),
    ("DELETE", "", [204, 403, 403, 404, 401]),
];

#[tokio::test]
async fn ap_01_who_may_do_what_to_a_key() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let callers = [
        ("admin", admin.clone()),
        ("viewer", world.person(r"t100\vera").await),
        ("without", world.person(r"t100\nora").await),
        ("foreign", world.person(r"t200\bob").await),
        ("nobody", world.anonymous()),
    ];
    for (method, action, expected) in ROWS {
        let (id, secret) = made(&admin, &nexus("object")).await;
        // The administrator comes last: it may end the key.
        for ((who, caller), status) in callers.iter().zip(expected).rev() {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let (kind, body) = if method == Method::PATCH {
                (Some("application/json"), json!({"name": "new"}).to_string())
            } else {
                (None, String::new())
            };
            let path = format!("/v1/keys/{id}{action}");
            let answer = caller.send(method.clone(), &path, kind, body.into()).await;
            assert_eq!(answer.status, *status, "{who}: {method} {action}: {}", answer.text());
            if !answer.status.is_success() {
                assert!(!answer.text().contains(&secret) && !answer.text().contains("\"hint\""));
            }
        }
        for id in ["key_0000000000000000000000", &secret] {
            let path = format!("/v1/keys/{id}{action}");
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let kind = (method == Method::PATCH).then_some("application/json");
            let body = if kind.is_some() { "{}" } else { "" };
            let answer = admin.send(method.clone(), &path, kind, body.into()).await;
            assert_eq!(answer.status, 404, "{method} {action}: {}", answer.text());
        }
    }
}
