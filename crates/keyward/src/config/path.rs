//! The way from the top of the configuration to a value.

use toml::Value;

/// One step from the top of the configuration to a value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Step {
    /// A member.
    Name(String),
    /// A table of a list.
    At(usize),
}

/// The way to a value: `bootstrap`, `tenants`, 0, `name`.
pub(crate) type Path = Vec<Step>;

/// A path as a person writes it: `bootstrap.tenants[0].name`.
pub(crate) fn written(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Name(name) if text.is_empty() => text.push_str(name),
            Step::Name(name) => text.extend([".", name]),
            Step::At(at) => text.push_str(&format!("[{at}]")),
        }
    }
    text
}

pub(super) fn join(pattern: &str, name: &str) -> String {
    if pattern.is_empty() { name.to_owned() } else { format!("{pattern}.{name}") }
}

pub(super) fn with(path: &Path, step: Step) -> Path {
    let mut path = path.clone();
    path.push(step);
    path
}

/// The member of this name; makes the table.
pub(super) fn member<'a>(place: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    if !place.is_table() {
        *place = Value::Table(toml::Table::new());
    }
    Some(place.as_table_mut()?.entry(name.to_owned()).or_insert(Value::Boolean(false)))
}

/// The table of this number; `None`: the one before it is missing.
pub(super) fn element(place: &mut Value, at: usize) -> Option<&mut Value> {
    if !place.is_array() {
        *place = Value::Array(Vec::new());
    }
    let items = place.as_array_mut()?;
    if items.len() == at {
        items.push(Value::Table(toml::Table::new()));
    }
    items.get_mut(at)
}
