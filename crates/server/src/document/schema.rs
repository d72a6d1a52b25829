//! Schemas of parameters, and of what no type of the wire describes.

use serde_json::{Value, json};

/// A text of so many characters.
pub(crate) fn text(least: u32, most: u32) -> Value {
    json!({"type": "string", "minLength": least, "maxLength": most})
}

/// Any text.
pub(crate) fn any_text() -> Value {
    json!({"type": "string"})
}

/// A permission that a caller wants: without `*`.
pub(crate) const WANTED: &str = "^[a-z0-9_-]+(:[a-z0-9_-]+){1,5}$";

/// A text of this form.
pub(crate) fn pattern(regex: &str) -> Value {
    json!({"type": "string", "pattern": regex})
}

/// A whole number within these bounds.
pub(crate) fn integer(least: u32, most: u32) -> Value {
    json!({"type": "integer", "minimum": least, "maximum": most})
}

/// `true` or `false`.
pub(crate) fn boolean() -> Value {
    json!({"type": "boolean"})
}

/// One of these words.
pub(crate) fn word(words: &[&str]) -> Value {
    json!({"type": "string", "enum": words})
}

/// The years of instants: 1970 to 9999.
pub(crate) const YEARS: &str = "^(19[7-9][0-9]|[2-9][0-9]{3})-";

/// An instant of RFC 3339.
pub(crate) fn instant() -> Value {
    json!({"type": "string", "format": "date-time", "pattern": YEARS})
}

/// A UUID.
pub(crate) fn uuid() -> Value {
    json!({"type": "string", "format": "uuid"})
}

/// A tenant's id, or `*` for the cluster.
pub(crate) fn scope() -> Value {
    json!({"anyOf": [{"type": "string", "format": "uuid"}, {"type": "string", "const": "*"}]})
}

/// A key's id.
pub(crate) fn key_id() -> Value {
    pattern("^key_[0-9A-Za-z]{22}$")
}

/// An object without members.
pub(crate) fn nothing() -> Value {
    json!({"type": "object", "additionalProperties": false})
}
