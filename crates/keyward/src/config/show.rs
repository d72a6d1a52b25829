//! `keyward config`: everything as TOML that Keyward reads again, with the source of each value.
//! A secret shows only where it comes from.

use super::{
    Config, MasterKey,
    definition::settings,
    layers::Entry,
    path::{Path, Step},
    setting::{Fallback, Kind, Setting},
    value,
};
use std::{collections::BTreeSet, fmt::Write as _};
use toml::Value;

/// Stands for a secret that was written out in place.
const HIDDEN: &str = "(hidden)";

/// The whole configuration; `explain` adds what each setting is for.
pub(super) fn toml(config: &Config, explain: bool) -> String {
    let mut printer = Printer { out: String::new(), config, explain };
    match &config.file {
        Some(file) => printer.line(&format!("# file {}", one_line(&file.display().to_string()))),
        None => printer.line("# no configuration file"),
    }
    printer.table("");
    for table in plain_tables() {
        printer.line(&format!("\n[{table}]"));
        printer.table(table);
    }
    printer.lists();
    printer.out
}

/// Tables that are in no list, in order.
fn plain_tables() -> Vec<&'static str> {
    let mut tables: Vec<_> =
        settings().map(parent).filter(|p| !p.is_empty() && !p.contains("[]")).collect();
    tables.dedup();
    tables
}

fn parent(setting: &Setting) -> &'static str {
    setting.path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

struct Printer<'a> {
    out: String,
    config: &'a Config,
    explain: bool,
}

impl Printer<'_> {
    /// Members of a table that is in no list: what was given, else what holds without it.
    fn table(&mut self, table: &str) {
        for setting in settings().filter(|s| parent(s) == table) {
            let name = setting.path.rsplit('.').next().unwrap_or_default();
            match self.config.layers.get(setting.path) {
                Some(entry) => self.given(name, entry),
                None => self.fallback(name, setting),
            }
        }
    }

    /// Lists of tables: only what was given, each table under its own header.
    fn lists(&mut self) {
        let mut opened: BTreeSet<Path> = BTreeSet::new();
        // Grouped by table: a header closes the one before it. Within a table the order of the
        // definition; nested lists come after their parent's own members.
        let mut entries: Vec<(&Path, &Entry)> = self
            .config
            .layers
            .iter()
            .filter(|(path, _)| path.iter().any(|s| matches!(s, Step::At(_))))
            .collect();
        entries.sort_by_key(|(path, entry)| {
            let table = of_list(path).map(|(table, _)| table.to_vec()).unwrap_or_default();
            let place = settings().position(|s| s.path == entry.setting.path);
            let list = entry.setting.path.split("[]").next().unwrap_or_default();
            (settings().position(|s| s.path.starts_with(list)), table, place)
        });
        for (path, entry) in entries {
            let Some((table, member)) = of_list(path) else { continue };
            if opened.insert(table.to_vec()) {
                self.line(&format!("\n[[{}]]", header(table)));
            }
            self.given(&header(member), entry);
        }
    }

    fn given(&mut self, name: &str, entry: &Entry) {
        self.about(entry.setting);
        let kind = entry.setting.kind;
        let text = entry.value.as_str().unwrap_or_default();
        let mut source = entry.source.to_string();
        let shown = match (&entry.reference, kind) {
            // The reference itself is no secret, and what is printed can be used as it is.
            (Some(reference), Kind::Secret | Kind::DatabaseAddress) => {
                quoted(&reference.to_string())
            }
            (None, Kind::Secret) if !text.is_empty() => quoted(HIDDEN),
            (None, Kind::DatabaseAddress) => quoted(&without_password(text)),
            (reference, _) => {
                if let Some(reference) = reference {
                    let _ = write!(source, ", {reference}");
                }
                written(&entry.value, kind)
            }
        };
        self.line(&format!("{name} = {shown} # {}", one_line(&source)));
    }

    fn fallback(&mut self, name: &str, setting: &Setting) {
        let listed = |(path, _): (&Path, _)| path.first() == Some(&Step::Name(name.to_owned()));
        // A list of listeners stands further down in place of the one address.
        if self.config.layers.iter().any(listed) {
            return;
        }
        let shown = match setting.fallback {
            Fallback::Value(text) => text.to_owned(),
            Fallback::Derived(_) => match derived(self.config, setting) {
                Some(text) => quoted(&text),
                None => return,
            },
            Fallback::Nothing(words) => {
                self.about(setting);
                self.line(&format!("# {name}: {words}"));
                return;
            }
        };
        self.about(setting);
        self.line(&format!("{name} = {shown} # default"));
    }

    fn about(&mut self, setting: &Setting) {
        if self.explain {
            self.line(&format!("\n# {}\n# {}", setting.about, setting.variable()));
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }
}

/// The table of a list that a value stands in, and its way from there: `limit`, `capacity`.
fn of_list(path: &[Step]) -> Option<(&[Step], &[Step])> {
    let last = path.iter().rposition(|step| matches!(step, Step::At(_)))?;
    path.split_at_checked(last + 1)
}

fn header(table: &[Step]) -> String {
    let names = table.iter().filter_map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        Step::At(_) => None,
    });
    names.collect::<Vec<_>>().join(".")
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
