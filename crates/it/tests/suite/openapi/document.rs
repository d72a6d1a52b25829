//! The document says what the table says, about all of it.

use it::{World, documented::resolved};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Method, path and operation of everything in the document.
pub(super) fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &'_ Value)| {
        let item: &Map<String, Value> = item.as_object().expect("a path's operations");
        item.keys().map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    };
    paths
        .iter()
        .flat_map(of_path)
        .map(|(method, path)| {
            let operation = &document["paths"][&path][method.to_lowercase()];
            (method, path, operation)
        })
        .collect()
}

pub(super) async fn document() -> Value {
    let answer = World::start().await.anonymous().get("/openapi.json").await;
    assert_eq!(answer.status, 200);
    answer.json()
}

#[tokio::test]
async fn ap_09_the_document_holds_every_route_and_nothing_more() {
    let document = document().await;
    let told: BTreeSet<(String, String, String)> = operations(&document)
        .into_iter()
        .map(|(method, path, operation)| {
            (method, path, operation["operationId"].as_str().expect("an id").to_owned())
        })
        .collect();
    let served: BTreeSet<(String, String, String)> = server::routes()
        .into_iter()
        // Pages for people stand in no document for programs.
        .filter(|route| route.surface != "console")
        .map(|route| (route.method, route.path.to_owned(), route.operation.to_owned()))
        .collect();
    assert_eq!(told, served);
}

#[tokio::test]
async fn every_operation_is_described_and_says_who_may_call_it() {
    let document = document().await;
    let routes: BTreeMap<&str, _> =
        server::routes().into_iter().map(|route| (route.operation, route)).collect();
    for (method, path, operation) in operations(&document) {
        let text = |name: &str| operation[name].as_str().unwrap_or_default().to_owned();
        let (summary, about) = (text("summary"), text("description"));
        assert!(!summary.is_empty() && !summary.ends_with('.'), "{method} {path}: `{summary}`");
        assert!(about.ends_with('.'), "{method} {path} is not described: `{about}`");
        let route = &routes[text("operationId").as_str()];
        assert_eq!(operation["tags"][0], route.surface, "{method} {path}");
        assert_eq!(text("x-public-because"), route.public_because.unwrap_or_default());
        let named = operation["security"].as_array().is_some_and(|all| !all.is_empty());
        assert!(named || route.public_because.is_some(), "{method} {path} has no security");
        for scheme in operation["security"].as_array().into_iter().flatten() {
            for name in scheme.as_object().expect("a scheme").keys() {
                let schemes = &document["components"]["securitySchemes"];
                assert!(schemes.get(name).is_some(), "{method} {path}: {name}");
            }
        }
    }
}

#[tokio::test]
async fn every_operation_names_its_parameters_and_how_it_fails() {
    let document = document().await;
    for (method, path, operation) in operations(&document) {
        let placeholders: BTreeSet<&str> =
            path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}')).collect();
        let parameters = operation["parameters"].as_array();
        let of_path: BTreeSet<&str> = parameters
            .into_iter()
            .flatten()
            .filter(|p| p["in"] == "path")
            .filter_map(|p| p["name"].as_str())
            .collect();
        assert_eq!(of_path, placeholders, "{method} {path}");
        let responses = operation["responses"].as_object().expect("answers");
        assert!(responses.keys().any(|status| status.as_str() < "400"), "{method} {path}");
        for status in ["500", "503"] {
            assert!(responses.contains_key(status), "{method} {path}: {status}");
        }
        for (status, response) in responses {
            let response = resolved(&document, response);
            assert!(!response["description"].as_str().unwrap_or_default().is_empty());
            let id = response["headers"].as_object().is_some_and(|headers| {
                headers.keys().any(|name| name.eq_ignore_ascii_case("x-request-id"))
            });
            assert!(id, "{method} {path}: {status} does not tell of X-Request-Id");
        }
    }
}

#[tokio::test]
async fn one_name_stands_for_one_schema() {
    let whole = document().await;
    for route in server::routes() {
        let surfaces = server::router::SURFACES;
        let url = whole["servers"][0]["url"].as_str().expect("an address");
        let alone = server::document::of_operation(surfaces, url, route.operation);
        for (name, schema) in alone["components"]["schemas"].as_object().expect("schemas") {
            let shared = &whole["components"]["schemas"][name];
            assert_eq!(shared, schema, "`{name}` means two things; {} is one", route.operation);
        }
    }
}
