//! `keyward config`: everything as TOML that Keyward reads again, with the source of each value.
//! A secret shows only where it comes from.

use super::{
    Config, MasterKey,
    definition::SETTINGS,
    layers::Entry,
    path::{Path, Step},
    setting::{Fallback, Kind, Setting},
    value,
};
use std::{collections::BTreeSet, fmt::Write as _};
use toml::Value;

/// Stands for a secret that was written out in place.
const HIDDEN: &str = "(hidden)";

/// The whole configuration.
pub(super) fn toml(config: &Config) -> String {
    let mut out = String::new();
    match &config.file {
        Some(file) => line(&mut out, &format!("# file {}", file.display())),
        None => line(&mut out, "# no configuration file"),
    }
    for setting in top_level() {
        match config.layers.get(setting.path) {
            Some(entry) => given(&mut out, setting.path, entry),
            None => fallback(&mut out, config, setting),
        }
    }
    for table in plain_tables() {
        line(&mut out, &format!("\n[{table}]"));
        for setting in SETTINGS.iter().filter(|s| parent(s) == table) {
            let name = setting.path.rsplit('.').next().unwrap_or_default();
            match config.layers.get(setting.path) {
                Some(entry) => given(&mut out, name, entry),
                None => fallback_named(&mut out, config, setting, name),
            }
        }
    }
    lists(&mut out, config);
    out
}

/// Settings outside of any table.
fn top_level() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().filter(|s| !s.path.contains('.'))
}

/// Tables that are in no list, in order.
fn plain_tables() -> Vec<&'static str> {
    let mut tables: Vec<_> =
        SETTINGS.iter().map(parent).filter(|p| !p.is_empty() && !p.contains("[]")).collect();
    tables.dedup();
    tables
}

fn parent(setting: &Setting) -> &'static str {
    setting.path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

/// Lists of tables: only what was given, each table under its own header.
fn lists(out: &mut String, config: &Config) {
    let mut opened: BTreeSet<Path> = BTreeSet::new();
    // Grouped by table: a header closes the one before it. Within a table the order of the
    // definition; nested lists come after their parent's own members.
    let mut entries: Vec<(&Path, &Entry)> = config
        .layers
        .iter()
        .filter(|(path, _)| path.iter().any(|s| matches!(s, Step::At(_))))
        .collect();
    entries.sort_by_key(|(path, entry)| {
        let table: Path = path.split_last().map(|(_, table)| table.to_vec()).unwrap_or_default();
        let place = SETTINGS.iter().position(|s| s.path == entry.setting.path);
        let list = entry.setting.path.split("[]").next().unwrap_or_default();
        (SETTINGS.iter().position(|s| s.path.starts_with(list)), table, place)
    });
    for (path, entry) in entries {
        let Some((Step::Name(name), table)) = path.split_last() else { continue };
        if opened.insert(table.to_vec()) {
            line(out, &format!("\n[[{}]]", header(table)));
        }
        given(out, name, entry);
    }
}

fn header(table: &[Step]) -> String {
    let names = table.iter().filter_map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        Step::At(_) => None,
    });
    names.collect::<Vec<_>>().join(".")
}

fn given(out: &mut String, name: &str, entry: &Entry) {
    let secret = matches!(entry.setting.kind, Kind::Secret | Kind::DatabaseAddress);
    let (shown, via) = match (&entry.reference, entry.setting.kind) {
        // The reference itself is no secret, and what is printed can be used as it is.
        (Some(reference), _) if secret => (quoted(&reference.to_string()), String::new()),
        (None, Kind::Secret) if entry.value.as_str() == Some("") => (quoted(""), String::new()),
        (None, Kind::Secret) => (quoted(HIDDEN), String::new()),
        (None, Kind::DatabaseAddress) => {
            (quoted(&without_password(entry.value.as_str().unwrap_or_default())), String::new())
        }
        (Some(reference), kind) => (written(&entry.value, kind), format!(", {reference}")),
        (None, kind) => (written(&entry.value, kind), String::new()),
    };
    line(out, &format!("{name} = {shown} # {}{via}", one_line(&entry.source.to_string())));
}

fn fallback(out: &mut String, config: &Config, setting: &Setting) {
    // A list of listeners stands further down in place of the one address.
    if setting.path == "listen"
        && config.layers.iter().any(|(p, _)| p.first() == Some(&Step::Name("listen".to_owned())))
    {
        return;
    }
    fallback_named(out, config, setting, setting.path);
}

fn fallback_named(out: &mut String, config: &Config, setting: &Setting, name: &str) {
    let shown = match setting.fallback {
        Fallback::Value(text) => text.to_owned(),
        Fallback::Derived(_) => match derived(config, setting) {
            Some(text) => quoted(&text),
            None => return,
        },
        Fallback::Nothing("") => return,
        Fallback::Nothing(words) => {
            line(out, &format!("# {name}: {words}"));
            return;
        }
    };
    line(out, &format!("{name} = {shown} # default"));
}

fn derived(config: &Config, setting: &Setting) -> Option<String> {
    match setting.path {
        "public_url" => Some(config.public_url(config.listeners.first().map(|l| l.address))),
        "master_key" => match &config.master_key {
            MasterKey::File(path) => Some(format!("file:{}", path.display())),
            MasterKey::Text(_) => None,
        },
        _ => None,
    }
}

fn written(value: &Value, kind: Kind) -> String {
    match (value, kind) {
        (Value::Integer(seconds), Kind::Duration) => quoted(&value::duration_text(*seconds)),
        (Value::Integer(n), _) => n.to_string(),
        (Value::Boolean(on), _) => on.to_string(),
        (Value::Array(items), _) => {
            let items: Vec<_> = items.iter().filter_map(Value::as_str).map(quoted).collect();
            format!("[{}]", items.join(", "))
        }
        (other, _) => quoted(other.as_str().unwrap_or_default()),
    }
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// `postgres://user:secret@host/db?password=secret` without what is secret.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let place = match place.rsplit_once('@') {
        Some((credentials, host)) => {
            let user = credentials.split(':').next().unwrap_or_default();
            let mark = if credentials.contains(':') { ":hidden" } else { "" };
            format!("{user}{mark}@{host}")
        }
        None => place.to_owned(),
    };
    let query: Vec<_> = query
        .split('&')
        .filter(|p| !p.is_empty() && !p.to_ascii_lowercase().contains("pass"))
        .collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    format!("{scheme}://{place}{query}")
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lg_01_a_database_address_is_shown_without_its_password() {
        for (address, shown) in [
            ("sqlite", "sqlite"),
            ("postgres://u:p@h/d", "postgres://u:hidden@h/d"),
            ("postgres://u:p@ss@h/d", "postgres://u:hidden@h/d"),
            ("postgres://u@h/d?sslmode=require", "postgres://u@h/d?sslmode=require"),
            ("postgres://h/d?user=u&password=p", "postgres://h/d?user=u"),
        ] {
            assert_eq!(without_password(address), shown);
        }
    }
}
