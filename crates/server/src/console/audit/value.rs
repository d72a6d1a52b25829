//! Values of an event: what a setting was and is, in words.

use crate::console::{keys::names::of_type, when};
use domain::time::Timestamp;
use serde_json::{Map, Value};

/// A value; no line: it is not set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in super::super) struct Shown {
    pub(in super::super) lines: Vec<String>,
}

/// A value with its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in super::super) struct Named {
    pub(in super::super) name: String,
    pub(in super::super) value: Shown,
}

/// A setting that is another one now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in super::super) struct Change {
    pub(in super::super) name: String,
    pub(in super::super) before: Shown,
    pub(in super::super) after: Shown,
}

impl Shown {
    const UNSET: Self = Self { lines: Vec::new() };

    fn of(value: &Value) -> Self {
        let lines = match value {
            Value::Null => Vec::new(),
            Value::Bool(true) => vec!["yes".to_owned()],
            Value::Bool(false) => vec!["no".to_owned()],
            Value::Number(number) => vec![number.to_string()],
            Value::String(text) => vec![instant(text).unwrap_or_else(|| text.clone())],
            Value::Array(items) => items.iter().flat_map(|item| Self::of(item).lines).collect(),
            Value::Object(members) => {
                let line = |(name, value): (&String, &Value)| {
                    format!("{}: {}", words(name), Self::of(value).lines.join(", "))
                };
                members.iter().map(line).collect()
            }
        };
        Self { lines }
    }

    /// The value of this setting. A key type is called what people call it, and by its name.
    fn of_setting(name: &str, value: &Value) -> Self {
        match (name, value.as_str()) {
            ("keyType", Some(text)) if of_type(text) != text => {
                Self { lines: vec![format!("{} ({text})", of_type(text))] }
            }
            _ => Self::of(value),
        }
    }

    /// As one line, for a file.
    pub(super) fn line(&self) -> String {
        self.lines.join("; ")
    }
}

impl Named {
    pub(super) fn of(name: &str, value: &Value) -> Self {
        Self { name: words(name), value: Shown::of_setting(name, value) }
    }
}

/// What differs, in the order of the event, and what does not.
pub(super) fn changes(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> (Vec<Change>, Vec<Named>) {
    let (mut changed, mut same) = (Vec::new(), Vec::new());
    let gone = before.iter().filter(|(name, _)| !after.contains_key(*name));
    for (name, value) in gone {
        let after = Shown::UNSET;
        let before = Shown::of_setting(name, value);
        changed.push(Change { name: words(name), before, after });
    }
    for (name, value) in after {
        match before.get(name) {
            Some(was) if was == value => same.push(Named::of(name, value)),
            was => {
                let before = was.map_or(Shown::UNSET, |was| Shown::of_setting(name, was));
                let after = Shown::of_setting(name, value);
                changed.push(Change { name: words(name), before, after });
            }
        }
    }
    // What was not set and is not set is no change.
    changed.retain(|change| change.before != change.after);
    (changed, same)
}

/// `expiresAt` as `Expires at`.
fn words(member: &str) -> String {
    let mut words = String::with_capacity(member.len() + 4);
    for (at, letter) in member.chars().enumerate() {
        match letter {
            _ if at == 0 => words.extend(letter.to_uppercase()),
            'A'..='Z' => {
                words.push(' ');
                words.push(letter.to_ascii_lowercase());
            }
            '_' => words.push(' '),
            _ => words.push(letter),
        }
    }
    words
}

/// An instant as people read it; `None`: the text is none.
fn instant(text: &str) -> Option<String> {
    let shaped = text.len() == 24 && text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T');
    if !shaped {
        return None;
    }
    Timestamp::parse(text).ok().map(when::exact)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn what_differs_stands_apart_from_what_does_not() {
        let facts = |value: Value| value.as_object().unwrap().clone();
        let before = facts(json!({"name": "a", "expiresAt": null, "on": true, "old": 1}));
        let after = facts(json!({
            "name": "a", "expiresAt": "2026-03-01T12:00:00.000Z", "on": false, "list": ["x", "y"],
        }));
        let (changed, same) = changes(&before, &after);
        let rows: Vec<_> = changed
            .iter()
            .map(|c| (c.name.as_str(), c.before.lines.join("|"), c.after.lines.join("|")))
            .collect();
        let row = |name, before: &str, after: &str| (name, before.to_owned(), after.to_owned());
        assert_eq!(
            rows,
            [
                row("Old", "1", ""),
                row("Expires at", "", "1 Mar 2026, 12:00:00 UTC"),
                row("On", "yes", "no"),
                row("List", "", "x|y"),
            ]
        );
        assert_eq!(same, [Named::of("name", &json!("a"))]);
        let of_type = Named::of("keyType", &json!("nexus"));
        assert_eq!(
            (of_type.name.as_str(), of_type.value.line().as_str()),
            ("Key type", "Digital Channels (nexus)")
        );
    }

    #[test]
    fn a_text_that_only_looks_like_an_instant_stays_a_text() {
        assert_eq!(instant("2026-13-01T12:00:00.000Z"), None);
        assert_eq!(instant("tomorrow"), None);
    }
}
