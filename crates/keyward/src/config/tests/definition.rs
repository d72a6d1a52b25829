//! The definition, the types and the document say the same.

use super::super::{
    definition::{find, members_of, settings},
    given::{Given, Listener},
    setting::{Fallback, Setting},
};
use server::peer::SurfaceSet;
use std::collections::BTreeSet;

/// The names that a serde struct takes, out of its own complaint about a name that it does not.
fn fields_of(path: &str) -> Vec<String> {
    let inner = "zz_unknown = 1";
    let toml =
        path.rsplit('.').filter(|p| !p.is_empty()).fold(
            inner.to_owned(),
            |inside, name| match name.strip_suffix("[]") {
                Some(name) => format!("{name} = [{{ {inside} }}]"),
                None => format!("{name} = {{ {inside} }}"),
            },
        );
    let error = match path {
        // An untagged enum does not say which members its parts know.
        "listen[]" => toml::from_str::<Listener>(inner).unwrap_err(),
        _ => toml::from_str::<Given>(&toml).unwrap_err(),
    };
    let message = error.message();
    let (_, names) = message.split_once("expected ").unwrap_or_else(|| panic!("{path}: {message}"));
    names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_definition_names_exactly_the_members_that_are_read() {
    let mut tables: Vec<&str> =
        settings().map(|s| s.path.rsplit_once('.').map_or("", |(p, _)| p)).collect();
    tables.push("bootstrap");
    tables.sort_unstable();
    tables.dedup();
    for table in tables {
        let mut fields = fields_of(table);
        let mut defined: Vec<_> = members_of(table).into_iter().map(str::to_owned).collect();
        fields.sort_unstable();
        defined.sort_unstable();
        defined.dedup();
        assert_eq!(fields, defined, "in `{table}`");
    }
}

#[test]
fn the_document_lists_every_setting() {
    let mut table = String::from(
        "| setting | environment | takes | default | what for |\n|---|---|---|---|---|\n",
    );
    for setting in settings() {
        let default = match setting.fallback {
            Fallback::Value(text) => format!("`{text}`"),
            Fallback::Derived(words) | Fallback::Nothing(words) => words.to_owned(),
        };
        table.push_str(&format!(
            "| `{}` | `{}` | {} | {default} | {} |\n",
            setting.path,
            setting.variable(),
            setting.kind.words(),
            setting.about
        ));
    }
    let document = include_str!("../../../../../docs/configuration.md");
    assert!(document.contains(&table), "docs/configuration.md must hold this table:\n{table}");
}

#[test]
fn every_surface_is_named_where_listeners_choose() {
    let setting = find("listen[].surfaces").unwrap();
    let refused = SurfaceSet::named(&["none"]).unwrap_err().to_string();
    let (_, known) = refused.split_once("there are ").unwrap();
    assert!(known.contains("gateway") && known.contains("check"), "{known}");
    for name in known.split(", ") {
        assert!(setting.about.contains(&format!("`{name}`")), "{name}: {}", setting.about);
    }
}

#[test]
fn no_two_settings_share_a_path_or_a_variable() {
    let paths: BTreeSet<_> = settings().map(|s| s.path).collect();
    let variables: BTreeSet<_> = settings().map(Setting::variable).collect();
    assert_eq!(paths.len(), settings().count());
    assert_eq!(variables.len(), settings().count());
}

#[test]
fn names_follow_from_paths() {
    let name = |path| find(path).unwrap().variable();
    assert_eq!(name("listen"), "KEYWARD_LISTEN");
    assert_eq!(name("log.level"), "KEYWARD_LOG_LEVEL");
    assert_eq!(
        name("bootstrap.tenants[].persons[].password"),
        "KEYWARD_BOOTSTRAP_TENANTS_N_PERSONS_N_PASSWORD"
    );
}

#[test]
fn members_are_listed_once() {
    assert_eq!(members_of("log"), ["format", "level"]);
    assert_eq!(members_of("bootstrap"), ["ops", "environments", "tenants", "clients"]);
    assert_eq!(members_of("listen[]"), ["address", "surfaces", "tls_certificate", "tls_key"]);
    assert!(members_of("").starts_with(&["listen", "tls_certificate", "tls_key"]));
}
