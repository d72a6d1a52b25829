//! Tables: plain columns. Of a list no cell is broken, because ids are there to be copied; the values
//! of a single thing are broken at the width of the terminal.

use super::Thing;
use comfy_table::{Attribute, Cell, ContentArrangement, Table, presets};
use serde_json::Value;

/// So many items of a list fit into a cell; a single thing shows all.
const FEW: usize = 3;

/// One thing: a line a member.
pub(super) fn one(value: &Value, terminal: bool) -> String {
    let mut table = table(terminal);
    if terminal {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                table.add_row([words(name), member(value)]);
            }
        }
        other => {
            table.add_row([text(other)]);
        }
    }
    lines(&table)
}

/// Many things: a line each, under heads.
pub(super) fn many(thing: &Thing, rows: &[Vec<String>], terminal: bool) -> String {
    let mut table = table(terminal);
    let head = |(head, _): &(&str, &str)| {
        let cell = Cell::new(head.to_uppercase());
        if terminal { cell.add_attribute(Attribute::Bold) } else { cell }
    };
    table.set_header(thing.columns.iter().map(head));
    for row in rows {
        table.add_row(row);
    }
    lines(&table)
}

/// The cells of one thing.
pub(super) fn cells(thing: &Thing, value: &Value) -> Vec<String> {
    let cell = |pointer: &str| match value.pointer(pointer) {
        Some(Value::Array(items)) if items.len() > FEW + 1 => {
            let few: Vec<String> = items.iter().take(FEW).map(text).collect();
            format!("{}, … {} in all", few.join(", "), items.len())
        }
        Some(value) => text(value),
        None => "-".to_owned(),
    };
    thing.columns.iter().map(|(_, pointer)| cell(pointer)).collect()
}

/// A member of a single thing: a long list has a line for each item.
fn member(value: &Value) -> String {
    match value {
        Value::Array(items) if items.len() > FEW + 1 => {
            items.iter().map(text).collect::<Vec<_>>().join("\n")
        }
        other => text(other),
    }
}

fn table(terminal: bool) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if !terminal {
        table.force_no_tty();
    }
    table
}

fn lines(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A value for a person. What a terminal would obey is left out: names are what others chose.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => plain(text),
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| format!("{name}: {}", text(value));
            members.iter().map(member).collect::<Vec<_>>().join("; ")
        }
    }
}

/// Text of others without what a terminal would obey.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if harmless(c) { c } else { '?' }).collect()
}

/// Neither a control character nor one that turns the direction of writing.
fn harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `createdBy` as a person reads it.
fn words(member: &str) -> String {
    let mut words = String::new();
    for c in member.chars() {
        if c.is_uppercase() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{super::thing, *};
    use serde_json::json;

    #[test]
    fn without_a_terminal_a_table_is_plain_columns() {
        let person =
            json!({"id": "1", "username": "vera", "roles": ["viewer", "x"], "enabled": true});
        let rows = [cells(&thing::PERSON, &person)];
        assert_eq!(
            many(&thing::PERSON, &rows, false),
            " ID  TENANT  USERNAME  ROLES      MAPPED ROLES  ISSUER  ENABLED\n 1   -       vera      viewer, x  -             -       yes\n",
        );
    }

    #[test]
    fn one_thing_shows_every_member_and_nothing_that_a_terminal_obeys() {
        let shown = one(&json!({"createdBy": "a\u{1b}[2Jb", "limit": {"capacity": 1}}), false);
        assert_eq!(shown, " created by  a?[2Jb\n limit       capacity: 1\n");
    }
}
