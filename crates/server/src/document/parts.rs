//! Parameters, bodies and answers, as they stand in the OpenAPI document.

use super::words;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use utoipa::ToSchema;

/// Where a parameter stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
}

/// A parameter of a request. Those of a path are required, the others may be left out.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) place: Place,
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) schema: Value,
    pub(crate) example: Value,
}

impl Parameter {
    pub(crate) fn new(
        place: Place,
        name: &'static str,
        about: &'static str,
        schema: Value,
        example: impl Into<Value>,
    ) -> Self {
        Self { place, name, about, schema, example: example.into() }
    }

    pub(super) fn written(&self) -> Value {
        let place = match self.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
        };
        let mut written = json!({
            "name": self.name,
            "in": place,
            "description": self.about,
            "required": self.place == Place::Path,
            "schema": if self.place == Place::Query { or_empty(&self.schema) } else { self.schema.clone() },
        });
        if !self.example.is_null()
            && let Some(members) = written.as_object_mut()
        {
            members.insert("example".to_owned(), self.example.clone());
        }
        written
    }
}

/// An empty parameter counts as an absent one.
fn or_empty(schema: &Value) -> Value {
    let any = schema.as_object().is_some_and(|members| {
        members.get("type").is_some_and(|t| t == "string")
            && !["minLength", "pattern", "format", "enum"].iter().any(|k| members.contains_key(*k))
    });
    if any { schema.clone() } else { json!({"anyOf": [schema, {"const": ""}]}) }
}

/// A schema, its name among the document's components, and what it refers to.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: Cow<'static, str>,
    pub(crate) schema: Value,
    pub(crate) refers_to: Vec<(String, Value)>,
}

impl Named {
    /// A schema that was written by hand.
    pub(crate) fn new(name: &'static str, schema: Value) -> Self {
        Self { name: Cow::Borrowed(name), schema, refers_to: Vec::new() }
    }

    /// The schema of a type of the wire.
    pub(crate) fn of<T: ToSchema>() -> Self {
        let written = |schema: &utoipa::openapi::RefOr<utoipa::openapi::Schema>| {
            plain(serde_json::to_value(schema).unwrap_or_default())
        };
        let mut refers_to = Vec::new();
        T::schemas(&mut refers_to);
        Self {
            name: T::name(),
            schema: written(&T::schema()),
            refers_to: refers_to
                .iter()
                .map(|(name, schema)| {
                    let word = words::written(name);
                    (name.clone(), word.unwrap_or_else(|| written(schema)))
                })
                .collect(),
        }
    }
}

/// Without the widths of numbers, which are no concern of the wire.
fn plain(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(members) => {
            let width = members
                .get("format")
                .and_then(Value::as_str)
                .is_some_and(|f| matches!(f, "int32" | "int64"));
            if width {
                members.shift_remove("format");
            }
            for member in members.values_mut() {
                *member = plain(member.take());
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = plain(item.take());
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    schema
}

/// A body of one kind.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) media_type: &'static str,
    pub(crate) schema: Named,
    pub(crate) example: Value,
}

/// An answer that is no failure.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) about: &'static str,
    pub(crate) content: Option<Content>,
    /// Name, meaning, example.
    pub(crate) headers: Vec<(&'static str, &'static str, &'static str)>,
}

/// A header field of an answer.
pub(super) fn header(about: &str, example: &str) -> Value {
    json!({"description": about, "schema": {"type": "string"}, "example": example})
}

/// A map of one member.
pub(super) fn one(name: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), value)]))
}
