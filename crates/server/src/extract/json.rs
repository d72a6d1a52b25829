//! JSON bodies: read once, strictly, and named by member when they are wrong.
//!
//! The document is walked before it is read into a type: depth, repeated members and NUL are refused
//! for every surface alike (HT-09). What serde then says is translated, because its texts quote the
//! input, and the input may be a secret.

use super::{body, form::is_type, json_objects::Objects, json_path, json_shape};
use crate::failure::Failure;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

const JSON: &str = "application/json";

/// A JSON body as a type.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// A JSON body that was walked but not read: for a surface that must first look at its envelope.
#[derive(Clone)]
pub struct JsonBytes(pub Bytes);

impl std::fmt::Debug for JsonBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JsonBytes({} bytes)", self.0.len())
    }
}

impl<S: Sync> FromRequest<S> for JsonBytes {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        if !is_type(request.headers(), |t| {
            t == JSON || (t.starts_with("application/") && t.ends_with("+json"))
        }) {
            return Err(Failure::UnsupportedMediaType { wanted: JSON });
        }
        let bytes = body::of_request(request).await?;
        json_shape::check(&bytes).map_err(|problem| of_shape(&bytes, &problem))?;
        Ok(Self(bytes))
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let JsonBytes(bytes) = JsonBytes::from_request(request, state).await?;
        read(&bytes).map(Self)
    }
}

/// A JSON body that may be left out: then everything has its default.
#[derive(Clone, Copy, Debug)]
pub struct OptionalJson<T>(pub T);

impl<S: Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalJson<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let untyped = !request.headers().contains_key(http::header::CONTENT_TYPE);
        if untyped && http_body::Body::is_end_stream(request.body()) {
            return Ok(Self(T::default()));
        }
        Json::from_request(request, state).await.map(|Json(body)| Self(body))
    }
}

/// No body, or an empty object: what is sent where nothing is asked for would be overlooked.
#[derive(Clone, Copy, Debug)]
pub struct NoBody;

#[derive(serde::Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl<S: Sync> FromRequest<S> for NoBody {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        OptionalJson::<Nothing>::from_request(request, state).await.map(|_| Self)
    }
}

/// Reads a document that was walked; `T` may borrow from it.
///
/// # Errors
/// [`Failure::BadJson`] with the member that is wrong.
pub fn read<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Failure> {
    // Looked at once here, or serde looks at each text by itself.
    let document = match std::str::from_utf8(bytes) {
        Ok(text) => whole(serde_json::Deserializer::from_str(text)),
        Err(_) => whole(serde_json::Deserializer::from_slice(bytes)),
    };
    document.map_err(|error| {
        let field = json_path::at(bytes, error.line(), error.column());
        let message = error.to_string();
        let (member, detail) = explain(&message, error.classify());
        Failure::BadJson { field: joined(field, member), detail }
    })
}

fn whole<'a, T: serde::Deserialize<'a>>(
    mut document: serde_json::Deserializer<impl serde_json::de::Read<'a>>,
) -> serde_json::Result<T> {
    let value = T::deserialize(Objects(&mut document))?;
    document.end()?;
    Ok(value)
}

/// Walks and reads a document outside of axum: the hot paths.
///
/// # Errors
/// [`Failure::BadJson`] with the member that is wrong.
pub fn strict<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Failure> {
    json_shape::check(bytes).map_err(|problem| of_shape(bytes, &problem))?;
    read(bytes)
}

fn of_shape(bytes: &[u8], problem: &serde_json::Error) -> Failure {
    let text = match (bytes.is_empty(), bytes.starts_with(b"\xef\xbb\xbf"), problem.classify()) {
        (true, ..) => "the body is empty".to_owned(),
        (_, true, _) => "the body begins with a byte order mark".to_owned(),
        (.., Category::Data) => bare(&problem.to_string()).to_owned(),
        _ if std::str::from_utf8(bytes).is_err() => "the body is not UTF-8".to_owned(),
        _ => format!("the body is not JSON: line {}, column {}", problem.line(), problem.column()),
    };
    let field = match problem.classify() {
        Category::Data => json_path::at(bytes, problem.line(), problem.column()),
        Category::Io | Category::Syntax | Category::Eof => None,
    };
    Failure::BadJson { field, detail: text }
}

/// serde's message without its ` at line … column …`.
fn bare(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(text, _)| text)
}

/// What to say instead of serde's message, and the member that it names, if it names one of ours.
fn explain(message: &str, category: Category) -> (Option<String>, String) {
    let text = bare(message);
    let quoted = || text.split('`').nth(1).map(str::to_owned);
    if !matches!(category, Category::Data) {
        return (None, "the body is not the JSON that this route takes".to_owned());
    }
    if text.starts_with("missing field") {
        return (quoted(), "the member is missing".to_owned());
    }
    if text.starts_with("duplicate field") {
        return (None, "the member occurs twice".to_owned());
    }
    if text.starts_with("unknown field") {
        return (None, "the member is unknown".to_owned());
    }
    let built_in = ["invalid type", "invalid value", "invalid length", "unknown variant"];
    if built_in.iter().any(|start| text.starts_with(start)) {
        // What was found stands first and may be a secret; what was expected is ours.
        let expected =
            text.rsplit_once(", expected ").map_or("another value", |(_, wanted)| in_words(wanted));
        return (None, format!("expected {expected}"));
    }
    (None, text.to_owned())
}

/// What was expected, to somebody who does not know our types.
fn in_words(wanted: &str) -> &str {
    match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, neither negative nor too large",
        "a sequence" => "a list",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

fn joined(path: Option<String>, member: Option<String>) -> Option<String> {
    match (path, member) {
        (Some(path), Some(member)) => Some(format!("{path}.{member}")),
        (path, member) => path.or(member),
    }
}

#[cfg(test)]
mod tests;
