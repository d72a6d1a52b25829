//! Lists of texts in one column: a JSON array, which a person with a SQL prompt can read.

use crate::Error;

/// The array's text.
pub(crate) fn write<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    let items = items.into_iter().map(|item| serde_json::Value::String(item.as_ref().to_owned()));
    serde_json::Value::Array(items.collect()).to_string()
}

/// Reads it back.
pub(crate) fn read(text: &str) -> Result<Vec<String>, Error> {
    if text == "[]" {
        return Ok(Vec::new());
    }
    serde_json::from_str(text).map_err(|_| Error::corrupt("a list is not a list of texts"))
}

/// Reads a list whose items are of a kind of their own.
pub(crate) fn read_as<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Error> {
    read(text)?
        .iter()
        .map(|item| parse(item).ok_or_else(|| Error::corrupt("a list holds an unknown item")))
        .collect()
}
