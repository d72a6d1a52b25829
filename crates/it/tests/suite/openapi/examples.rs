//! What stands in the document as an example is one.

use super::document::{document, operations};
use it::{World, documented::resolved, json_schema::misfits};
use serde_json::Value;

fn fits(document: &Value, schema: &Value, value: &Value, place: &str) {
    let found = misfits(document, schema, value);
    assert!(found.is_empty(), "the example of {place} does not fit its schema: {found:#?}");
}

#[tokio::test]
async fn every_request_answer_and_error_has_an_example_that_fits_its_schema() {
    let document = document().await;
    for (method, path, operation) in operations(&document) {
        let place = format!("{method} {path}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if let Some(example) = parameter.get("example") {
                fits(&document, &parameter["schema"], example, &format!("{place} {parameter}"));
            }
        }
        let mut bodies: Vec<(String, &Value)> = Vec::new();
        if let Some(body) = operation.get("requestBody") {
            bodies.push(("the request".to_owned(), body));
        }
        for (status, response) in operation["responses"].as_object().expect("answers") {
            bodies.push((status.clone(), resolved(&document, response)));
        }
        for (name, body) in bodies {
            for (media_type, content) in body["content"].as_object().into_iter().flatten() {
                let place = format!("{place} {name} {media_type}");
                let many = content["examples"].as_object().into_iter().flatten();
                let examples: Vec<&Value> = content
                    .get("example")
                    .into_iter()
                    .chain(many.map(|(_, e)| &e["value"]))
                    .collect();
                assert!(!examples.is_empty(), "{place} has no example");
                for example in examples {
                    fits(&document, &content["schema"], example, &place);
                }
            }
        }
    }
}

/// Of operations that need nothing but what every world has.
const TRIED: [&str; 6] =
    ["create_key", "create_tenant", "create_person", "create_role", "create_client", "verify_key"];

#[tokio::test]
async fn examples_of_requests_are_accepted() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let document = document().await;
    for operation in TRIED {
        let (method, path, told) = operations(&document)
            .into_iter()
            .find(|(.., told)| told["operationId"] == operation)
            .expect("an operation");
        let mut example = told["requestBody"]["content"]["application/json"]["example"].clone();
        // Callers of the cluster name the tenant, whom the example leaves out.
        let takes_tenant = told["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            .as_str()
            .and_then(|name| document.pointer(name.strip_prefix('#')?))
            .is_some_and(|schema| schema["properties"].get("tenant").is_some());
        if takes_tenant && operation != "verify_key" {
            example["tenant"] = it::world::TENANT.into();
        }
        let method = http::Method::from_bytes(method.as_bytes()).expect("a method");
        let body = example.to_string().into();
        let answer = ops.send(method, &path, Some("application/json"), body).await;
        assert!(answer.status.is_success(), "{operation}: {} {}", answer.status, answer.text());
    }
}
