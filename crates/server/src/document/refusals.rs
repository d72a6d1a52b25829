//! How a row can fail, and what that looks like: every example is a real failure, rendered by the code
//! that renders the real ones.

use super::{Operation, Place, parts};
use crate::{
    access::{Access, Need},
    answer::Body,
    failure::{Failure, Proof, Rendering, Scheme},
    middleware,
    route::Route,
};
use domain::rate_limit::Limit;
use http::{Response, Version};
use serde_json::{Map, Value, json};
use service::Error;
use std::collections::BTreeMap;
use verifier::{LimitState, Unavailable};

/// The request id of all examples.
const REQUEST_ID: &str = "6f0e8a4b9c1d4e2f8a7b6c5d4e3f2a1b";

/// The header fields of failures that are worth knowing.
const HEADERS: [(&str, &str); 5] = [
    ("retry-after", "Seconds until another try makes sense."),
    ("www-authenticate", "How to authenticate, and what was wrong with what was presented."),
    ("ratelimit", "What is left of the caller's limit."),
    ("ratelimit-policy", "The caller's limit."),
    ("allow", "The methods of this path."),
];

/// The answers of a route that are failures, by status.
pub(super) fn of(route: &Route, operation: Operation) -> BTreeMap<u16, Value> {
    let mut failures = of_access(&route.access);
    failures.extend(of_request(route, &operation));
    failures.extend(operation.fails);
    failures.extend(of_everything(route));
    let mut answers: BTreeMap<u16, Shown> = BTreeMap::new();
    for refusal in &operation.refuses {
        let shown = answers.entry(refusal.status.as_u16()).or_default();
        shown.add(refusal.error, &refusal.description, refusal.response());
    }
    for failure in &failures {
        let rendering = Rendering {
            request_id: REQUEST_ID,
            method: &route.method,
            operation: Some(route.operation),
        };
        let response = middleware::render(failure, route.errors, &rendering, Version::HTTP_11);
        let shown = answers.entry(response.status().as_u16()).or_default();
        shown.add(failure.code(), &failure.detail(), response);
    }
    let schema = (route.errors.schema)();
    answers.into_iter().map(|(status, shown)| (status, shown.written(&schema.name))).collect()
}

/// What was rendered with one status.
#[derive(Default)]
struct Shown {
    texts: Vec<String>,
    media_type: String,
    examples: Map<String, Value>,
    headers: Map<String, Value>,
}

impl Shown {
    fn add(&mut self, code: &str, text: &str, response: Response<Body>) {
        let (head, body) = response.into_parts();
        if !self.texts.iter().any(|known| known == text) {
            self.texts.push(text.to_owned());
        }
        for (name, about) in HEADERS {
            if let Some(value) = head.headers.get(name).and_then(|v| v.to_str().ok()) {
                self.headers.entry(name.to_owned()).or_insert_with(|| parts::header(about, value));
            }
        }
        let media_type = head.headers.get(http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        self.media_type = media_type.unwrap_or_default().to_owned();
        let Body::Whole(Some(bytes)) = body else { return };
        let value = match serde_json::from_slice::<Value>(&bytes) {
            Ok(value) => value,
            // A page says it to a person: here its beginning will do.
            Err(_) if self.media_type.starts_with("text/html") => json!("<!doctype html>…"),
            Err(_) => return,
        };
        let taken = |name: &str| self.examples.contains_key(name);
        let name = (1..).map(|n| if n == 1 { code.to_owned() } else { format!("{code}_{n}") });
        if let Some(name) = name.take(100).find(|name| !taken(name)) {
            self.examples.insert(name, json!({"summary": text, "value": value}));
        }
    }

    fn written(mut self, schema: &str) -> Value {
        self.headers
            .insert("x-request-id".to_owned(), super::whole::reference("headers", "RequestId"));
        let description =
            self.texts.iter().map(|text| sentence(text)).collect::<Vec<_>>().join(" ");
        json!({
            "description": description,
            "headers": self.headers,
            "content": parts::one(&self.media_type, json!({
                "schema": super::whole::reference("schemas", schema),
                "examples": self.examples,
            })),
        })
    }
}

/// `not found` as `Not found.`
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// What the access check can say.
fn of_access(access: &Access) -> Vec<Failure> {
    let unproved = |scheme, proof| Failure::Unauthenticated { scheme, proof };
    let limited = || Failure::Service(Error::Limited { retry_after_s: 30 });
    let unreadable = [Failure::MalformedCredentials, Failure::TwoCredentials];
    let mut failures: Vec<Failure> = match access {
        // Of a realm's own words each operation tells itself; the console stands in no document.
        Access::Public(_) | Access::RealmClient | Access::RealmToken | Access::Session(_) => {
            return Vec::new();
        }
        Access::OptionalBearer(_) => vec![unproved(Scheme::Bearer, Proof::Refused), limited()],
        Access::Bearer(_) | Access::BareOrBearer(_) | Access::TokenOrKey => vec![
            unproved(Scheme::Bearer, Proof::Absent),
            unproved(Scheme::Bearer, Proof::Refused),
            limited(),
        ],
        Access::BearerOrBasic(_) => vec![
            unproved(Scheme::Bearer, Proof::Absent),
            unproved(Scheme::Bearer, Proof::Refused),
            unproved(Scheme::Basic, Proof::Refused),
            limited(),
        ],
        Access::Client => {
            vec![unproved(Scheme::Basic, Proof::Absent), unproved(Scheme::Basic, Proof::Refused)]
        }
        Access::Key => vec![unproved(Scheme::Bearer, Proof::Absent), limited()],
        Access::VerifyCaller | Access::CheckCaller => {
            let mut failures = vec![Failure::NoRoute, limited()];
            failures.extend(Limit::new(120, 60).ok().map(|limit| {
                Failure::CallerLimited(LimitState { limit, remaining: 0, reset_after_ms: 7_000 })
            }));
            failures
        }
    };
    if let Access::Bearer(need) | Access::BareOrBearer(need) | Access::BearerOrBasic(need) = access
    {
        let right = match need {
            Need::Right(right) | Need::ClusterRight(right) | Need::Person(right) => Some(*right),
            Need::AnyOf(_) | Need::SomeFamily(_) | Need::Identity => None,
        };
        if *need != Need::Identity {
            failures.push(Failure::Service(Error::NotAllowed { right }));
        }
    }
    failures.extend(unreadable);
    failures
}

/// What path, query, body and conditions can go wrong with.
fn of_request(route: &Route, operation: &Operation) -> Vec<Failure> {
    let mut failures = Vec::new();
    let has = |place| operation.parameters.iter().any(|p| p.place == place);
    let has_named = |name| operation.parameters.iter().any(|p| p.name == name);
    if has(Place::Path) {
        failures.push(Failure::BadPath);
    }
    // Of another tenant nobody learns that it is there.
    if has(Place::Path) || has_named("tenant") {
        failures.push(Failure::Service(Error::NotFound));
    }
    if has(Place::Query) {
        let detail = "the parameter is repeated".to_owned();
        let field = operation.parameters.iter().find(|p| p.place == Place::Query);
        let field = field.map(|p| p.name.to_owned());
        failures.push(Failure::BadQuery { field, detail });
    }
    if has_named("If-Match") {
        failures.push(Failure::Service(Error::PreconditionFailed));
    }
    if let Some(content) = operation.takes.first() {
        failures.push(match content.media_type {
            super::FORM => {
                Failure::BadForm { field: None, detail: "the parameter is repeated".to_owned() }
            }
            _ => Failure::BadJson {
                field: None,
                detail: "the body is not JSON: line 1, column 2".to_owned(),
            },
        });
        failures.extend([
            Failure::UnsupportedMediaType { wanted: content.media_type },
            Failure::BodyTooLarge { max_bytes: route.max_body_bytes },
            Failure::SlowBody,
        ]);
    }
    if route.idempotent {
        failures.push(Failure::IdempotencyKeyReused);
        failures.push(Failure::Service(Error::conflict(
            "idempotency_key",
            "the first call with this Idempotency-Key has not ended, or broke off",
        )));
    }
    failures
}

/// What any request can meet.
fn of_everything(route: &Route) -> Vec<Failure> {
    let mut failures = vec![
        Failure::UriTooLong,
        Failure::HeadersTooLarge,
        middleware::ENCODED,
        Failure::Panic,
        Failure::Loading(Unavailable::Stale),
        Failure::Timeout,
        Failure::Shed,
    ];
    if !route.any_host {
        failures.push(Failure::UnknownHost);
    }
    failures
}
