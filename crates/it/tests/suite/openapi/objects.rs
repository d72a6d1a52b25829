//! What the document calls an object is read from an object alone.

use super::document::{document, operations};
use http::Method;
use it::{World, documented::resolved};
use serde_json::{Map, Value, json};

/// One step to a place in a body.
#[derive(Clone)]
enum Step {
    Member(String),
    /// Of a list the first.
    Item,
}

/// The places of a schema that take an object, each with the object's schema.
fn objects<'a>(document: &'a Value, schema: &'a Value, place: &[Step], found: &mut Vec<Found<'a>>) {
    let schema = resolved(document, schema);
    for choice in ["anyOf", "oneOf", "allOf"] {
        for one in schema[choice].as_array().into_iter().flatten() {
            objects(document, one, place, found);
        }
    }
    if let Some(items) = schema.get("items") {
        objects(document, items, &[place, &[Step::Item]].concat(), found);
    }
    let Some(members) = schema["properties"].as_object() else { return };
    if !place.is_empty() {
        found.push(Found { place: place.to_vec(), members });
    }
    for (name, member) in members {
        objects(document, member, &[place, &[Step::Member(name.clone())]].concat(), found);
    }
}

struct Found<'a> {
    place: Vec<Step>,
    members: &'a Map<String, Value>,
}

impl Found<'_> {
    /// As an error names the place.
    fn name(&self) -> String {
        let written = self.place.iter().fold(String::new(), |path, step| match step {
            Step::Member(name) => format!("{path}.{name}"),
            Step::Item => format!("{path}[0]"),
        });
        written.trim_start_matches('.').to_owned()
    }

    /// The values of the object's members one behind the other, as its fields stand.
    fn list(&self, document: &Value) -> Value {
        self.members.values().map(|schema| some(document, schema)).collect()
    }

    /// The body with this in the place.
    fn body(&self, example: &Value, value: Value) -> Value {
        let mut body = example.clone();
        let mut here = &mut body;
        for step in &self.place {
            here = match step {
                Step::Member(name) => {
                    if !here.is_object() {
                        *here = json!({});
                    }
                    &mut here[name.as_str()]
                }
                Step::Item => {
                    if here.as_array().is_none_or(Vec::is_empty) {
                        *here = json!([null]);
                    }
                    &mut here[0]
                }
            };
        }
        *here = value;
        body
    }
}

/// Something that fits such a schema.
fn some(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    let choices = ["anyOf", "oneOf", "allOf"];
    if let Some(one) = choices.iter().find_map(|choice| schema[*choice].as_array()?.last()) {
        return some(document, one);
    }
    if let Some(one) = schema["enum"].as_array().and_then(|all| all.first()) {
        return one.clone();
    }
    let kind = schema["type"].as_array().and_then(|all| all.first()).unwrap_or(&schema["type"]);
    match kind.as_str() {
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        Some("string") => json!("a"),
        _ => Value::Null,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_taken_for_no_object_of_any_body() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let document = document().await;
    let mut tried = 0;
    for (method, path, operation) in operations(&document) {
        let content = &operation["requestBody"]["content"]["application/json"];
        if !path.starts_with("/v1/") || !content.is_object() {
            continue;
        }
        let mut found = Vec::new();
        objects(&document, &content["schema"], &[], &mut found);
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let at = parameters.filter(|one| one["in"] == "path").fold(path.clone(), |path, one| {
            let name = format!("{{{}}}", one["name"].as_str().expect("a name"));
            path.replace(&name, one["example"].as_str().expect("an example"))
        });
        for place in found {
            let name = place.name();
            let body = place.body(&content["example"], place.list(&document));
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let sent = ops.send(method, &at, Some("application/json"), body.to_string().into());
            let answer = sent.await;
            let told = format!("{path} {body}: {}", answer.text());
            assert_eq!(answer.status, 400, "{told}");
            // Where a text may stand, too, the reader was past the bracket.
            let names = [name.clone(), format!("{name}[0]")];
            assert!(names.iter().any(|name| answer.json()["field"] == name.as_str()), "{told}");
            tried += 1;
        }
    }
    assert!(tried > 20, "the document was not walked: {tried}");
}
