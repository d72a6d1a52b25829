//! Holds every answer that a test gets against the OpenAPI document: its status is one of the
//! operation's, its body of the kind and the form that stand there.

use crate::{Answer, json_schema::misfits};
use http::Method;
use serde_json::Value;
use server::{document, route::RouteInfo, router::SURFACES};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// Fails the test where the document says something else than the program did.
///
/// # Panics
/// The document is wrong, or the program is.
pub fn check(method: &Method, path: &str, answer: &Answer) {
    let Some(route) = route(method, path) else { return };
    if SURFACES.iter().any(|surface| surface.name == route.surface && !surface.documented) {
        return;
    }
    // An event that was handed on is answered by its upstream, without what our own answers carry.
    if route.surface == "experience" && answer.header("x-content-type-options").is_empty() {
        return;
    }
    let document = of_operation(route.operation);
    let pointer = format!(
        "/paths/{}/{}/responses",
        route.path.replace('~', "~0").replace('/', "~1"),
        route.method.to_ascii_lowercase()
    );
    let responses = document.pointer(&pointer).expect("the operation is in the document");
    let status = answer.status.as_u16().to_string();
    let response = responses
        .get(&status)
        .unwrap_or_else(|| panic!("{status} of `{}` is not documented", route.operation));
    let response = resolved(&document, response);
    let Some(contents) = response.get("content").and_then(Value::as_object) else {
        assert!(answer.body.is_empty(), "{status} of `{}` has a body", route.operation);
        return;
    };
    let sent = answer.header("content-type");
    let content = contents.get(sent).unwrap_or_else(|| {
        let known: Vec<&String> = contents.keys().collect();
        panic!("{status} of `{}` is `{sent}`, documented are {known:?}", route.operation)
    });
    if let (Some(schema), Ok(value)) = (content.get("schema"), serde_json::from_slice(&answer.body))
        && sent.ends_with("json")
        && !sent.ends_with("ndjson")
    {
        let found = misfits(&document, schema, &value);
        assert!(found.is_empty(), "{status} of `{}`: {found:#?}", route.operation);
    }
}

/// What the document says of one operation; made once a process.
fn of_operation(operation: &'static str) -> Arc<Value> {
    static MADE: Mutex<BTreeMap<&'static str, Arc<Value>>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().expect("nobody panics with it");
    let make = || document::of_operation(SURFACES, "http://127.0.0.1:8080", operation).into();
    Arc::clone(made.entry(operation).or_insert_with(make))
}

/// What a reference stands for.
#[must_use]
pub fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

/// The route of this method on the path that fits with the fewest placeholders.
fn route(method: &Method, path: &str) -> Option<RouteInfo> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let fits = |route: &RouteInfo| {
        let (mut wanted, mut given) = (route.path.split('/'), path.split('/'));
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some(wanted), Some(given)) => {
                    if wanted != given && (!wanted.starts_with('{') || given.is_empty()) {
                        return false;
                    }
                }
                _ => return false,
            }
        }
    };
    let routes = server::routes();
    let of_path = routes.iter().filter(|route| fits(route));
    let path = of_path.min_by_key(|route| route.path.matches('{').count())?.path;
    routes.into_iter().find(|route| route.path == path && route.method == method.as_str())
}
