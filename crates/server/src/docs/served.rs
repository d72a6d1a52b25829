//! Answers that stay the same as long as the process lives: whoever has them may keep them.

use crate::{
    answer::{self, Body},
    document::{Operation, schema},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::Value;

/// Asked again after that, and then mostly answered with 304.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// The text, or 304 for who has it.
pub(super) fn served(
    headers: &HeaderMap,
    etag: &str,
    media_type: &'static str,
    text: Bytes,
) -> Response<Body> {
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| matches!(tag.trim(), "*") || tag.trim().trim_start_matches("W/") == etag);
    let mut response = if known {
        let mut unchanged = Response::new(Body::empty());
        *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
        unchanged
    } else {
        answer::with_type(StatusCode::OK, media_type, text)
    };
    let fields = response.headers_mut();
    fields.insert(header::CACHE_CONTROL, KEPT);
    if let Ok(etag) = HeaderValue::from_str(etag) {
        fields.insert(header::ETAG, etag);
    }
    response
}

/// What such an operation takes and gives beside the text.
pub(super) fn kept(operation: Operation) -> Operation {
    operation
        .with_header("ETag", "The text's tag, for `If-None-Match`.", "\"0123456789abcdef\"")
        .with_header("Cache-Control", "How long it may be kept.", "public, max-age=300")
        .header(
            "If-None-Match",
            "The `ETag` of what the caller has.",
            schema::any_text(),
            Value::Null,
        )
        .answers_nothing(304, "The caller has it already.")
}
