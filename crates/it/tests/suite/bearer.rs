//! Bearer tokens (RFC 6750) on every route of the table that takes them, not on samples.

use bytes::Bytes;
use http::Method;
use it::{
    Answer, Caller, World,
    api_keys::{ASKS, ApiKey},
    process::{self, Process},
    world::{PASSWORD, Place},
};
use serde_json::json;
use server::route::RouteInfo;
use std::{fs, process::Command};

const DEAD: &str = "9b7682b7-cbce-422f-9bbb-ecda85e61695";
const VERIFY: &str = "/v1/keys/verify";

/// Every route that wants a token, and no other caller would do.
fn routes() -> Vec<RouteInfo> {
    let takes_token = |r: &RouteInfo| r.access.contains("Bearer") && r.public_because.is_none();
    let routes: Vec<_> = server::routes().into_iter().filter(takes_token).collect();
    assert!(routes.len() > 12, "{}", routes.len());
    routes
}

/// Those that refuse in the words of RFC 6750. NexusOne's wire has its own (a bare `Bearer`, and 401 for
/// what cannot be read), which its own tests hold.
fn routes_of_rfc_6750() -> Vec<RouteInfo> {
    routes().into_iter().filter(|route| route.surface != "nexusone").collect()
}

/// A path with its placeholders filled by something that exists nowhere.
fn path(route: &RouteInfo) -> String {
    let parts = route.path.split('/').map(|part| if part.starts_with('{') { DEAD } else { part });
    parts.collect::<Vec<_>>().join("/")
}

async fn call(caller: &Caller, route: &RouteInfo, path: &str) -> Answer {
    let method = Method::from_bytes(route.method.as_bytes()).unwrap();
    let body = if method == Method::GET { "" } else { "{}" };
    caller.send(method, path, Some("application/json"), Bytes::from_static(body.as_bytes())).await
}

/// 401; where the published wire says so, 403.
fn unproven(route: &RouteInfo) -> u16 {
    if route.operation == "ping" { 403 } else { 401 }
}

#[tokio::test]
async fn bt_01_no_route_says_more_than_its_challenge_to_whoever_presents_nothing() {
    let world = World::start().await;
    let key = world.anonymous().with_header("x-api-key", DEAD);
    let other_scheme = world.anonymous().with_header("authorization", "Negotiate abc");
    for route in routes_of_rfc_6750() {
        for caller in [world.anonymous(), key.clone(), other_scheme.clone()] {
            let answer = call(&caller, &route, &path(&route)).await;
            assert_eq!(answer.status, unproven(&route), "{}: {}", route.operation, answer.text());
            let challenge = answer.header("www-authenticate");
            assert!(challenge.starts_with("Bearer realm=\""), "{}: {challenge}", route.operation);
            assert!(!challenge.contains("error"), "{}: {challenge}", route.operation);
        }
    }
}

#[tokio::test]
async fn bt_02_dead_tokens_malformed_headers_and_missing_rights_are_told_apart() {
    let world = World::start().await;
    let signed_out = world.person(r"t100\nexus").await;
    assert_eq!(signed_out.post("/auth/v3/sign-out", &json!({})).await.status, 200);
    let unknown = world.anonymous().bearer(DEAD);
    let malformed = world.anonymous().with_header("authorization", "Bearer a\tb");
    let powerless = world.client("powerless").await;
    for route in routes_of_rfc_6750() {
        for dead in [&unknown, &signed_out] {
            let answer = call(dead, &route, &path(&route)).await;
            assert_eq!(answer.status, unproven(&route), "{}", route.operation);
            let challenge = answer.header("www-authenticate");
            assert!(
                challenge.contains("error=\"invalid_token\""),
                "{}: {challenge}",
                route.operation
            );
        }
        let answer = call(&malformed, &route, &path(&route)).await;
        assert_eq!(answer.status, 400, "{}: {}", route.operation, answer.text());
        if route.access.contains("Identity") {
            continue;
        }
        let answer = call(&powerless, &route, &path(&route)).await;
        assert_eq!(answer.status, 403, "{}: {}", route.operation, answer.text());
        let challenge = answer.header("www-authenticate");
        assert!(
            challenge.contains("error=\"insufficient_scope\""),
            "{}: {challenge}",
            route.operation
        );
        let scope = match route.operation {
            "list_audit" => Some("scope=\"Audit.canRead\""),
            name if name.ends_with("_client") || name == "list_clients" => {
                Some("scope=\"Clients.canManage\"")
            }
            _ => None,
        };
        assert!(scope.is_none_or(|scope| challenge.contains(scope)), "{challenge}");
    }
}

#[tokio::test]
async fn bt_03_two_credentials_are_refused_wherever_one_is_read() {
    let world = World::start().await;
    let admin = world.person("ops").await;
    let token = admin.token.clone().unwrap();
    let twice = admin.clone().with_header("authorization", &format!("Bearer {token}"));
    let two_kinds = admin.clone().with_header("authorization", &it::caller::basic("ops", PASSWORD));
    for route in routes() {
        for caller in [&twice, &two_kinds] {
            let answer = call(caller, &route, &path(&route)).await;
            assert_eq!(answer.status, 400, "{}: {}", route.operation, answer.text());
        }
        for query in [format!("access_token={token}"), "x=1&access%5Ftoken=".to_owned()] {
            let path = format!("{}?{query}", path(&route));
            let answer = call(&admin, &route, &path).await;
            assert_eq!(answer.status, 400, "{} {query}: {}", route.operation, answer.text());
        }
    }
    let beside = admin.with_header("x-api-key", "the gateway's own");
    assert_eq!(beside.get("/auth/v3/userinfo").await.status, 200, "a place that is not read");
}

#[tokio::test]
async fn bt_03_verify_reads_two_headers_and_takes_one_credential() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let key = ApiKey::with(ASKS).made(&world, &admin).await;
    let question = json!({"secret": key, "cost": 0});
    let by_key = world.anonymous().with_header("x-api-key", &key);
    let by_bearer = world.anonymous().bearer(&key);
    for alone in [&by_key, &by_bearer, &admin] {
        assert_eq!(alone.post(VERIFY, &question).await.status, 200);
    }
    let token = admin.token.clone().unwrap();
    let both = [
        by_key.clone().with_header("authorization", &format!("Bearer {token}")),
        by_key.clone().with_header("x-api-key", &key),
        by_bearer.clone().with_header("authorization", &format!("Bearer {key}")),
    ];
    for caller in &both {
        let answer = caller.post(VERIFY, &question).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
        assert_eq!(answer.json()["code"], "two_credentials");
    }
    for caller in [&by_key, &by_bearer, &admin] {
        let answer = caller.post(&format!("{VERIFY}?access_token={token}"), &question).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
}

#[tokio::test]
async fn bt_04_a_token_is_read_from_no_query_and_no_body() {
    let world = World::start().await;
    let token = world.person("ops").await.token.unwrap();
    let anonymous = world.anonymous();
    for route in routes() {
        for name in ["access_token", "token", "authorization", "bearer", "jwt"] {
            let path = format!("{}?{name}={token}", path(&route));
            let answer = call(&anonymous, &route, &path).await;
            assert_eq!(answer.status, unproven(&route), "{} {name}", route.operation);
        }
        let form = format!("access_token={token}");
        let method = Method::from_bytes(route.method.as_bytes()).unwrap();
        let kind = Some("application/x-www-form-urlencoded");
        let answer = anonymous.send(method, &path(&route), kind, form.into()).await;
        assert_eq!(answer.status, unproven(&route), "{} form", route.operation);
    }
    let in_query = format!("{VERIFY}?access_token={token}");
    assert_eq!(anonymous.post(&in_query, &json!({"secret": "x"})).await.status, 404);
}

#[tokio::test]
async fn bt_05_the_scheme_has_no_case_and_the_token_has_a_charset_and_a_length() {
    let world = World::start().await;
    let token = world.person("ops").await.token.unwrap();
    let status = async |value: &str| {
        let caller = world.anonymous().with_header("authorization", value);
        caller.get("/v1/audit").await.status.as_u16()
    };
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        assert_eq!(status(&format!("{scheme} {token}")).await, 200, "{scheme}");
    }
    for text in ["", "a b", "a,b", "a;b", "a\"b", "a=b", "=", "a\u{e9}", "%41", "a:b", "{a}"] {
        assert_eq!(status(&format!("Bearer {text}")).await, 400, "{text:?}");
    }
    for text in ["a", "a-._~+/", "a==", &"a".repeat(8_192)] {
        assert_eq!(status(&format!("Bearer {text}")).await, 401, "a form that tokens may have");
    }
    for text in ["a".repeat(8_193), "a".repeat(20_000)] {
        assert_eq!(status(&format!("Bearer {text}")).await, 400, "{}", text.len());
        let key = world.anonymous().with_header("x-api-key", &text);
        assert_eq!(key.post(VERIFY, &json!({"secret": "x"})).await.status, 400);
    }
    assert_eq!(status(&token).await, 400, "a bare token is for the routes that name it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bt_06_the_program_refuses_a_plain_listener_that_others_reach() {
    let place = Place::new();
    let file = place.folder().join("keyward.toml");
    let port = process::free_port();
    fs::write(&file, process::config(&place, port, "")).unwrap();
    let file_name = file.display().to_string();
    let everywhere = format!("0.0.0.0:{port}");
    let arguments = ["serve", "--config", &file_name, "--listen", &everywhere];
    let refused = Command::new(process::program().unwrap())
        .args(arguments)
        .current_dir(place.folder())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success(), "{said}");
    assert!(said.contains("plain_http_behind_tls_proxy = true"), "{said}");
    assert!(!place.folder().join("data").join("master.key").exists(), "it began all the same");
    fs::write(&file, process::config(&place, port, "plain_http_behind_tls_proxy = true")).unwrap();
    let served = Process::start_with(&place, port, &arguments).await.expect("it serves");
    assert_eq!(served.stop().await.expect("it stops"), 0);
}
