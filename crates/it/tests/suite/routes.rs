//! The route table against the running program: who gets in, and what is written down about it.

use http::Method;
use it::{Answer, Caller, World};
use server::route::RouteInfo;
use std::{collections::BTreeSet, fs, path::PathBuf};

/// What a call without credentials is answered with: 401; where the published wire says so, 403, and 400 of
/// a realm, which looks at the grant and whether a client is named before it looks at proofs. The console
/// leads a browser to its sign-in.
fn is_refusal(route: &RouteInfo, answer: &Answer) -> bool {
    let status = answer.status;
    match route.access.as_str() {
        "RealmClient" | "RealmToken" => status == 401 || status == 400,
        _ if route.path == "/auth/v3/ping" => status == 403,
        access if access.starts_with("Session(") => {
            let to = answer.header("location");
            let sign_in = to == "/console/sign-in" || to.starts_with("/console/sign-in?");
            // What a proxy that nobody named hands on is in the clear.
            let clear = status == 403 && answer.text().contains("The console needs TLS");
            clear || (status == 303 && sign_in && answer.body.is_empty())
        }
        _ => status == 401,
    }
}

/// A path with its placeholders filled by something that exists nowhere, but for the realm.
fn concrete(route: &RouteInfo) -> String {
    let mut path = String::new();
    for (at, segment) in route.path.split('/').enumerate() {
        if at > 0 {
            path.push('/');
        }
        path.push_str(match segment {
            "{realm}" => "companya",
            _ if segment.starts_with('{') => "key_0000000000000000000000",
            _ => segment,
        });
    }
    path
}

async fn call(
    caller: &Caller,
    route: &RouteInfo,
    path: &str,
    content_type: Option<&str>,
    body: &str,
) -> Answer {
    let method = Method::from_bytes(route.method.as_bytes()).expect("a method");
    caller.send(method, path, content_type, body.to_owned().into()).await
}

#[tokio::test]
async fn ap_12_nothing_but_the_route_table_decides_who_is_asked() {
    let world = World::start().await;
    let anonymous = world.anonymous();
    let json = Some("application/json");
    let form = Some("application/x-www-form-urlencoded");
    let bodies = [
        (None, ""),
        (json, "{}"),
        (
            json,
            r#"{"data":{"userName":"ops","tenant":"*"},"admin":true,"authenticated":true,"actor":"ops"}"#,
        ),
        (json, "{not json"),
        (form, "grant_type=password&username=ops&password=x&authenticated=true"),
        (Some("text/plain"), "x"),
    ];
    let headers = [
        ("x-forwarded-user", "ops"),
        ("x-keyward-tenant", "*"),
        ("x-original-url", "/health/live"),
        ("x-http-method-override", "GET"),
        ("cookie", "keyward-session=1"),
        ("x-api-key", "nothing"),
    ];
    let queries = ["", "?access_token=x", "?user=ops&admin=true"];
    let mut asked = 0;
    for route in server::routes().iter().filter(|r| r.wants_credentials) {
        for query in queries {
            let path = format!("{}{query}", concrete(route));
            for (content_type, body) in bodies {
                let answer = call(&anonymous, route, &path, content_type, body).await;
                let status = answer.status;
                let refused =
                    is_refusal(route, &answer) || (query.contains("access_token") && status == 400);
                assert!(refused, "{} {path} with {body:?} answered {status}", route.method);
                asked += 1;
            }
            for (name, value) in headers {
                let caller = anonymous.clone().with_header(name, value);
                let answer = call(&caller, route, &path, json, "{}").await;
                let status = answer.status;
                let refused =
                    is_refusal(route, &answer) || (status == 400 && query.contains("access_token"));
                assert!(refused, "{} {path} with {name} answered {status}", route.method);
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "the table was not walked");
}

#[tokio::test]
async fn ap_05_methods_that_the_table_does_not_list_are_refused() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let routes = server::routes();
    let paths: BTreeSet<&str> = routes.iter().map(|r| r.path).collect();
    for path in paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"] {
            if routes.iter().any(|r| r.path == path && r.method == method) {
                continue;
            }
            let row = routes.iter().find(|r| r.path == path).expect("a row");
            let answer = ops
                .send(
                    Method::from_bytes(method.as_bytes()).expect("a method"),
                    &concrete(row),
                    None,
                    "".into(),
                )
                .await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert!(
                answer.header("allow").contains(&row.method),
                "{method} {path}: {:?}",
                answer.headers
            );
        }
    }
}

/// Compares a generated text with the one in the ledger, or writes it there when blessed.
fn ledger(name: &str, generated: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("ledger").join(name);
    if std::env::var_os("KEYWARD_BLESS").is_some() {
        fs::write(&file, generated).expect("the ledger is written");
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == generated,
        "{} is not what the table says; look at the difference, then run with KEYWARD_BLESS=1:\n{generated}",
        file.display(),
    );
}

#[test]
fn the_ledger_of_routes_is_the_route_table() {
    let mut lines: Vec<String> = server::routes()
        .iter()
        .map(|r| {
            format!(
                "{:<7} {:<40} {:<28} {:<40} {}\n",
                r.method, r.path, r.operation, r.access, r.errors
            )
        })
        .collect();
    lines.sort();
    ledger("routes.txt", &lines.concat());
}

#[test]
fn the_ledger_of_public_routes_gives_a_reason_for_each() {
    let mut lines: Vec<String> = server::routes()
        .iter()
        .filter_map(|r| r.public_because.map(|why| format!("{} {}: {why}\n", r.method, r.path)))
        .collect();
    lines.sort();
    assert!(lines.iter().all(|line| line.len() > 20), "a reason is missing");
    ledger("public_routes.txt", &lines.concat());
}

#[test]
fn operations_and_paths_stand_in_the_table_once() {
    let routes = server::routes();
    let operations: BTreeSet<&str> = routes.iter().map(|r| r.operation).collect();
    let paths: BTreeSet<(&str, &str)> =
        routes.iter().map(|r| (r.method.as_str(), r.path)).collect();
    assert_eq!(operations.len(), routes.len());
    assert_eq!(paths.len(), routes.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_12_a_realm_refuses_whoever_proves_nothing_in_its_own_words() {
    let world = World::start().await;
    let anonymous = world.anonymous();
    let form = Some("application/x-www-form-urlencoded");
    let mut told = Vec::new();
    for route in server::routes().iter().filter(|r| r.access.starts_with("Realm")) {
        let method = Method::from_bytes(route.method.as_bytes()).expect("a method");
        let body = if method == Method::GET { "" } else { "grant_type=client_credentials&token=x" };
        let answer = anonymous.send(method, &concrete(route), form, body.into()).await;
        let error = answer.json()["error"].as_str().expect("a word").to_owned();
        told.push(format!("{} {} {error}", route.operation, answer.status.as_u16()));
    }
    let wanted = [
        "issue_realm_token 400 invalid_client",
        "introspect_realm_token 401 invalid_request",
        "revoke_realm_token 400 invalid_client",
        "realm_user_info 401 invalid_request",
        "realm_user_info_by_form 401 invalid_request",
    ];
    assert_eq!(told, wanted);
}
