//! The OpenAPI 3.1 document: every row of every table, and nothing else (AP-09).

use super::{Content, Named, Operation, Place, page, parts, refusals, schema, security};
use crate::{
    idempotency,
    route::{Route, Surface},
};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};

/// The document as it is served, and the page made from it.
#[derive(Debug)]
pub struct Document {
    /// `/openapi.json`.
    pub(crate) json: Bytes,
    /// `/docs`.
    pub(crate) page: Bytes,
    /// The entity tag of both.
    pub(crate) etag: String,
}

impl Document {
    pub(crate) fn of(surfaces: &[&'static Surface], public_url: &str) -> Self {
        let document = whole(surfaces, public_url);
        let json = serde_json::to_vec(&document).unwrap_or_default();
        // Not for security: the same text has the same tag on every node of one version.
        let mut hasher = DefaultHasher::new();
        json.hash(&mut hasher);
        let etag = format!("\"{:016x}\"", hasher.finish());
        Self { json: json.into(), page: page::of(&document).into(), etag }
    }
}

/// Folds the tables of these surfaces.
#[must_use]
pub fn whole(surfaces: &[&'static Surface], public_url: &str) -> Value {
    of_rows(surfaces, public_url, |_| true)
}

/// The document of one operation alone: the rest of a table need not be folded to look at it.
#[must_use]
pub fn of_operation(
    surfaces: &[&'static Surface],
    public_url: &str,
    operation: &'static str,
) -> Value {
    of_rows(surfaces, public_url, |route| route.operation == operation)
}

fn of_rows(
    surfaces: &[&'static Surface],
    public_url: &str,
    wanted: impl Fn(&Route) -> bool,
) -> Value {
    let mut fold = Fold::default();
    let surfaces: Vec<&Surface> = surfaces.iter().copied().filter(|s| s.documented).collect();
    for surface in &surfaces {
        for route in surface.routes.iter().filter(|route| wanted(route)) {
            fold.add(surface, route);
        }
    }
    let tags: Vec<Value> = surfaces
        .iter()
        .map(|surface| json!({"name": surface.name, "description": surface.about}))
        .collect();
    let (paths, responses) = with_shared_responses(&fold.paths);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Keyward",
            "summary": "Issues, enforces and audits API keys.",
            "description": "Every operation of this server. Members that a request does not know are \
                refused on our own wire, `/v1`; other wires follow the products that they speak for. No \
                text may hold a NUL. An empty parameter of a query or a form counts as absent.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": public_url.trim_end_matches('/')}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": fold.schemas,
            "responses": responses,
            "headers": {
                "RequestId": parts::header(
                    "The request's id: the log and the audit log carry it, too.",
                    "6f0e8a4b9c1d4e2f8a7b6c5d4e3f2a1b",
                ),
            },
            "securitySchemes": security::schemes(public_url),
        },
    })
}

/// A reference to a component.
pub(super) fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

type Members = Map<String, Value>;

#[derive(Default)]
struct Fold {
    paths: BTreeMap<&'static str, Members>,
    schemas: BTreeMap<String, Value>,
}

impl Fold {
    fn add(&mut self, surface: &Surface, route: &'static Route) {
        let written = self.operation(surface, route);
        let method = route.method.as_str().to_ascii_lowercase();
        self.paths.entry(route.path).or_default().insert(method, written);
    }

    fn operation(&mut self, surface: &Surface, route: &'static Route) -> Value {
        let mut operation = (route.doc)();
        let mut members = Members::new();
        let mut add = |name: &str, value| members.insert(name.to_owned(), value);
        add("operationId", json!(route.operation));
        add("tags", json!([surface.name]));
        add("summary", json!(operation.summary));
        add("description", json!(operation.about));
        if route.idempotent {
            operation = operation.header(
                idempotency::IDEMPOTENCY_KEY_NAME,
                "A repetition with the same key is answered as the first call was, without its \
                 secret, and makes nothing.",
                schema::pattern("^[!-~]{1,255}$"),
                Value::Null,
            );
        }
        if !operation.parameters.is_empty() {
            let order = |place| operation.parameters.iter().filter(move |p| p.place == place);
            let all = [Place::Path, Place::Query, Place::Header].into_iter().flat_map(order);
            add("parameters", all.map(super::Parameter::written).collect());
        }
        if !operation.takes.is_empty() {
            let content = self.contents(route, &operation.takes);
            let required = !operation.body_optional;
            add("requestBody", json!({"required": required, "content": content}));
        }
        let security = security::of(surface.name, &route.access);
        let responses = self.responses(route, operation);
        add("responses", responses);
        if let Some(security) = security {
            add("security", security);
        }
        if let Some(why) = route.access.public_because() {
            add("x-public-because", json!(why));
        }
        Value::Object(members)
    }

    fn responses(&mut self, route: &'static Route, operation: Operation) -> Value {
        let mut responses: BTreeMap<u16, Value> = BTreeMap::new();
        for answer in &operation.answers {
            let mut headers = Members::new();
            headers.insert("X-Request-Id".to_owned(), reference("headers", "RequestId"));
            for (name, about, example) in &answer.headers {
                headers.insert((*name).to_owned(), parts::header(about, example));
            }
            if route.idempotent {
                let about = "`true` where a repetition is answered.";
                headers.insert("Idempotency-Replayed".to_owned(), parts::header(about, "true"));
            }
            let mut written = json!({"description": answer.about, "headers": headers});
            if let (Some(content), Some(members)) = (&answer.content, written.as_object_mut()) {
                let content = self.contents(route, std::slice::from_ref(content));
                members.insert("content".to_owned(), content);
            }
            let known = responses.entry(answer.status).or_insert_with(|| written.clone());
            let kinds = known.get_mut("content").and_then(Value::as_object_mut);
            let more = written.get("content").and_then(Value::as_object).cloned();
            kinds.into_iter().for_each(|kinds| kinds.extend(more.clone().into_iter().flatten()));
        }
        let schema = (route.errors.schema)();
        self.named(route, &schema);
        responses.extend(refusals::of(route, operation));
        responses.into_iter().map(|(status, written)| (status.to_string(), written)).collect()
    }

    fn contents(&mut self, route: &Route, contents: &[Content]) -> Value {
        let written = |fold: &mut Self, content: &Content| {
            let schema = fold.named(route, &content.schema);
            json!({"schema": reference("schemas", &schema), "example": content.example})
        };
        contents.iter().map(|c| (c.media_type.to_owned(), written(self, c))).collect()
    }

    /// Notes a schema among the components; its name there.
    fn named(&mut self, route: &Route, schema: &Named) -> String {
        // What every file calls so is told apart by its operation.
        let name = match &*schema.name {
            own @ ("Request" | "Response" | "Page" | "Answer") => {
                format!("{}{own}", capitals(route.operation))
            }
            name => name.to_owned(),
        };
        for (name, schema) in &schema.refers_to {
            self.schemas.insert(name.clone(), schema.clone());
        }
        self.schemas.insert(name.clone(), schema.schema.clone());
        name
    }
}

/// `create_key` as `CreateKey`.
fn capitals(operation: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    operation.split('_').map(word).collect()
}

/// Says once what several operations answer alike.
fn with_shared_responses(paths: &BTreeMap<&'static str, Members>) -> (Value, Members) {
    let mut paths = json!(paths);
    let mut seen: HashMap<String, usize> = HashMap::new();
    each_response(&mut paths, |_, response| *seen.entry(response.to_string()).or_default() += 1);
    let mut shared = Members::new();
    let mut names: HashMap<String, String> = HashMap::new();
    each_response(&mut paths, |status, response| {
        let text = response.to_string();
        if seen.get(&text).is_none_or(|times| *times < 2) {
            return;
        }
        let name = names.entry(text).or_insert_with(|| {
            let same = shared.keys().filter(|name| name.starts_with(&format!("E{status}"))).count();
            let name = format!("E{status}_{}", same + 1);
            shared.insert(name.clone(), response.clone());
            name
        });
        *response = reference("responses", name);
    });
    (paths, shared)
}

/// Visits every answer with a status of 400 and above.
fn each_response(paths: &mut Value, mut visit: impl FnMut(&str, &mut Value)) {
    let operations = paths
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut);
    for operation in operations {
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flatten() {
            if status.as_str() >= "400" {
                visit(status, response);
            }
        }
    }
}
