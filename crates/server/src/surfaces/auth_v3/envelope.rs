//! The envelope of everything but tokens and user information: `{"status":{"code":0},"data":…}`.
//! Scripts look at `status.code` alone: 0 is success.

use crate::{
    answer::{self, Body},
    document::Named,
};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::borrow::Cow;
use utoipa::ToSchema;

#[derive(Serialize)]
struct Envelope<'a, T> {
    status: Status<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a T>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EnvelopeStatus)]
struct Status<'a> {
    /// 0 is success; else the status of HTTP.
    code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<&'a str>,
}

/// The form of what failed: the status alone.
#[derive(ToSchema)]
#[schema(as = EnvelopeOfFailure)]
struct Failed<'a> {
    #[schema(inline)]
    #[expect(dead_code, reason = "the form is read, never a value of it")]
    status: Status<'a>,
}

/// A request in the envelope.
#[derive(Deserialize)]
pub(super) struct Wrapped<T> {
    pub(super) data: T,
}

/// Success with data.
pub(super) fn with_data<T: Serialize>(data: &T) -> Response<Body> {
    let status = Status { code: 0, message: None, detail: None };
    answer::json(StatusCode::OK, &Envelope { status, data: Some(data) })
}

/// Success and nothing to say.
pub(super) fn done() -> Response<Body> {
    let status = Status { code: 0, message: None, detail: None };
    answer::json(StatusCode::OK, &Envelope::<()> { status, data: None })
}

/// No success. The codes are not published; ours repeat the status of HTTP.
pub(super) fn failed(status: StatusCode, message: &str, detail: Option<&str>) -> Response<Body> {
    let wire = Status { code: status.as_u16(), message: Some(message), detail };
    answer::json(status, &Envelope::<()> { status: wire, data: None })
}

/// The form of a failure.
pub(super) fn failure() -> Named {
    Named::of::<Failed<'_>>()
}

/// The form of a success that has nothing to say.
pub(super) fn success() -> Named {
    let status = status_of_success();
    let properties = json!({"status": status});
    let schema = json!({"type": "object", "required": ["status"], "properties": properties});
    Named::new("EnvelopeOfSuccess", schema)
}

/// The form of a success with data of this form; `name` is its own among the document's.
pub(super) fn success_with(name: &'static str, data: &Value, parts: Named) -> Named {
    let properties = json!({"status": status_of_success(), "data": data});
    Named {
        name: Cow::Borrowed(name),
        schema: json!({
            "type": "object", "required": ["status", "data"], "properties": properties,
        }),
        refers_to: all_of(parts),
    }
}

/// The form of a request, whose members stand under `data`.
pub(super) fn request(name: &'static str, data: &Value, parts: Named) -> Named {
    Named {
        name: Cow::Borrowed(name),
        schema: json!({"type": "object", "required": ["data"], "properties": {"data": data}}),
        refers_to: all_of(parts),
    }
}

/// A reference to a form that stands among the document's.
pub(super) fn reference(form: &Named) -> Value {
    json!({"$ref": format!("#/components/schemas/{}", form.name)})
}

fn all_of(parts: Named) -> Vec<(String, Value)> {
    let mut all = parts.refers_to;
    all.push((parts.name.into_owned(), parts.schema));
    all
}

fn status_of_success() -> Value {
    let code = json!({"const": 0, "description": "0 is success."});
    json!({"type": "object", "required": ["code"], "properties": {"code": code}})
}
