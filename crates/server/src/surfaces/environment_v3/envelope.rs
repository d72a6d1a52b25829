//! The envelope: requests come as `{"data":{…}}`, answers go as `{"status":{"code":0},"data":…}`, those
//! of what was made with a `path`. Unknown members are let pass.

use super::error::MISSING;
use crate::{
    answer::{self, Body},
    document::Named,
    extract::{JsonBytes, json},
    failure::Failure,
};
use axum::extract::{FromRequest, Request};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::borrow::Cow;
use utoipa::ToSchema;

/// What a request says under `data`; a body without it is refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Data<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Data<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let JsonBytes(bytes) = JsonBytes::from_request(request, state).await?;
        json::read::<Wrapped<T>>(&bytes).map(|wrapped| Self(wrapped.data))
    }
}

#[derive(Deserialize)]
struct Wrapped<T> {
    data: T,
}

/// A member that the operation needs and the request does not have.
pub(super) fn missing(member: &'static str) -> Failure {
    Failure::BadJson { field: Some(format!("data.{member}")), detail: MISSING.to_owned() }
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    status: Status<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EnvironmentStatus)]
struct Status<'a> {
    /// 0 is success.
    code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    message: Option<&'a str>,
}

/// The form of what failed: the status alone.
#[derive(ToSchema)]
#[schema(as = EnvironmentFailure)]
struct Failed<'a> {
    #[schema(inline)]
    #[expect(dead_code, reason = "the form is read, never a value of it")]
    status: Status<'a>,
}

const SUCCESS: Status<'static> = Status { code: 0, message: None };

/// What stands around data that is written piece by piece.
pub(super) const BEFORE_DATA: &str = r#"{"status":{"code":0},"data":"#;
pub(super) const BEHIND_DATA: &str = "}";

/// Success with data.
pub(super) fn with_data<T: Serialize>(data: &T) -> Response<Body> {
    answer::json(StatusCode::OK, &Envelope { status: SUCCESS, data: Some(data), path: None })
}

/// Something was made, and is found there; `message` says what its maker should know.
pub(super) fn made(path: &str, message: Option<&str>) -> Response<Body> {
    let status = Status { code: 0, message };
    answer::json(StatusCode::OK, &Envelope::<()> { status, data: None, path: Some(path) })
}

/// Success and nothing to say.
pub(super) fn done() -> Response<Body> {
    answer::json(StatusCode::OK, &Envelope::<()> { status: SUCCESS, data: None, path: None })
}

/// No success.
pub(super) fn failed(http: StatusCode, code: u16, message: &str) -> Response<Body> {
    let status = Status { code, message: Some(message) };
    answer::json(http, &Envelope::<()> { status, data: None, path: None })
}

/// The form of a failure.
pub(super) fn failure() -> Named {
    Named::of::<Failed<'_>>()
}

/// The form of a success that has nothing to say.
pub(super) fn success() -> Named {
    let properties = json!({"status": status_of_success()});
    let schema = json!({"type": "object", "required": ["status"], "properties": properties});
    Named::new("EnvironmentSuccess", schema)
}

/// The form of what is said of a thing that was made.
pub(super) fn creation() -> Named {
    let path = json!({"type": "string", "description": "Where it is, below `/environment/v3`."});
    let schema = json!({
        "type": "object", "required": ["status", "path"],
        "properties": {"status": status_of_success(), "path": path},
    });
    Named::new("EnvironmentCreation", schema)
}

/// The form of a success with data of this form; `name` is its own among the document's.
pub(super) fn success_with(name: &'static str, data: &Value, parts: Vec<Named>) -> Named {
    Named {
        name: Cow::Borrowed(name),
        schema: json!({
            "type": "object", "required": ["status", "data"],
            "properties": {"status": status_of_success(), "data": data},
        }),
        refers_to: all_of(parts),
    }
}

/// The form of a request, whose members stand under `data`.
pub(super) fn request(name: &'static str, members: Named) -> Named {
    Named {
        name: Cow::Borrowed(name),
        schema: json!({
            "type": "object", "required": ["data"],
            "properties": {"data": reference(&members)},
        }),
        refers_to: all_of(vec![members]),
    }
}

/// A reference to a form that stands among the document's.
pub(super) fn reference(form: &Named) -> Value {
    json!({"$ref": format!("#/components/schemas/{}", form.name)})
}

fn all_of(parts: Vec<Named>) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for part in parts {
        all.extend(part.refers_to);
        all.push((part.name.into_owned(), part.schema));
    }
    all
}

fn status_of_success() -> Value {
    let code = json!({"const": 0, "description": "0 is success."});
    let message = json!({"type": "string", "description": "What the caller should know."});
    json!({
        "type": "object", "required": ["code"],
        "properties": {"code": code, "message": message},
    })
}
