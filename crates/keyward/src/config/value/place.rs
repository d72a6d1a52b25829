//! Places of a key as texts: `bearer`, `header:NAME`, `parameter:NAME`.

use domain::key_type::Place;
use toml::{Value, de::DeValue};

const BEARER: &str = "bearer";

/// A list, by commas.
pub(super) fn from_text(text: &str) -> Option<Value> {
    list(text.split(',').map(|item| one(item.trim())))
}

/// A list of texts and of `{ header = "NAME" }`, `{ parameter = "NAME" }` as the API writes them; or one.
pub(super) fn from_toml(value: &DeValue<'_>) -> Option<Value> {
    let item = |value: &DeValue<'_>| {
        if let Some(text) = value.as_str() {
            return one(text);
        }
        let mut members = value.as_table()?.iter();
        let ((kind, name), None) = (members.next()?, members.next()) else { return None };
        one(&format!("{}:{}", kind.get_ref(), name.get_ref().as_str()?))
    };
    match value.as_array() {
        Some(items) => list(items.iter().map(|place| item(place.get_ref()))),
        None => list([item(value)]),
    }
}

fn list(items: impl IntoIterator<Item = Option<String>>) -> Option<Value> {
    let items =
        items.into_iter().map(|item| item.map(Value::String)).collect::<Option<Vec<_>>>()?;
    (!items.is_empty()).then_some(Value::Array(items))
}

fn one(text: &str) -> Option<String> {
    Some(match read(text)? {
        Place::Bearer => BEARER.to_owned(),
        Place::Header(name) => format!("header:{name}"),
        Place::Parameter(name) => format!("parameter:{name}"),
    })
}

/// The place of a text. Names of headers have no case.
pub(in crate::config) fn read(text: &str) -> Option<Place> {
    match text.split_once(':') {
        None => (text == BEARER).then_some(Place::Bearer),
        Some(("header", name)) => Place::parse(&format!("header {}", name.to_ascii_lowercase())),
        Some((kind, name)) => Place::parse(&format!("{kind} {name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_one_normal_form() {
        let texts = |text: &str| {
            let value = from_text(text)?;
            Some(value.as_array()?.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(
            texts("header:X-Api-Key, bearer,parameter:jwt").as_deref(),
            Some("header:x-api-key bearer parameter:jwt")
        );
        for text in ["", "x-api-key", "header:", "header:a b", "cookie:a", "Bearer", "bearer,"] {
            assert_eq!(from_text(text), None, "{text}");
        }
    }
}
