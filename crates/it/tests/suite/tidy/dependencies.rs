//! Which crate may know what: the arrows between our crates, the home of each foreign crate, and
//! that nothing is listed that is not used.

use super::code::code_only;
use super::{CRATES, has_word, project_files_ending, read, report};

/// A crate's dependency tables, flattened to (name as used in code, where it stands).
pub(super) fn dependencies_of(name: &str) -> Vec<(String, String)> {
    let manifest: toml::Table =
        read(&format!("crates/{name}/Cargo.toml")).parse().expect("a manifest");
    let mut found = Vec::new();
    collect(&manifest, "", &mut found);
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        for (target, tables) in targets {
            collect(
                tables.as_table().expect("a target's tables"),
                &format!("target.{target}."),
                &mut found,
            );
        }
    }
    found
}

fn collect(tables: &toml::Table, prefix: &str, found: &mut Vec<(String, String)>) {
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let Some(table) = tables.get(kind).and_then(toml::Value::as_table) else {
            continue;
        };
        for name in table.keys() {
            found.push((name.clone(), format!("{prefix}{kind}")));
        }
    }
}

/// Foreign crates that have a home, and the homes. A crate that stands in no row may be used
/// anywhere; add a row when a second crate would begin to depend on something it should not know.
const HOMES: &[(&[&str], &[&str])] = &[
    // SQL is known to one crate. Tests act behind its back, to break things and to look at rows.
    (&["rusqlite"], &["store", "it"]),
    (
        &["tokio-postgres", "postgres-types", "deadpool-postgres", "tokio-postgres-rustls"],
        &["store"],
    ),
    (&["rustls", "webpki-roots"], &["store", "server", "keyward", "it"]),
    (&["tokio-rustls"], &["server", "keyward", "it"]),
    // Certificates are made by tests alone.
    (&["rcgen"], &["server", "it"]),
    (&["prometheus-client"], &["server"]),
    // What the process asks of the kernel about itself.
    (&["rustix"], &["keyward"]),
    // HTTP is known to one crate. Two others are clients: the benchmark of the binary, and the tests
    // that talk to the running program from outside.
    (&["axum", "utoipa", "tonic", "tonic-prost", "askama"], &["server"]),
    // Query and form of a question to a provider.
    (&["percent-encoding"], &["server", "service"]),
    // Messages of gRPC; the tests write some as a client would.
    (&["prost"], &["server", "it"]),
    (&["hyper", "hyper-util", "form_urlencoded"], &["server", "keyward", "it"]),
    (&["http", "http-body", "http-body-util", "tower"], &["server", "keyward", "it"]),
    // The terminal and the file are known to the process.
    (&["clap", "clap_complete", "clap_mangen", "mimalloc", "tracing-subscriber"], &["keyward"]),
    (&["comfy-table", "indicatif", "rpassword"], &["keyward"]),
    (&["toml"], &["keyward", "it"]),
    (&["anyhow"], &["keyward", "it"]),
    // Sealing, passwords and randomness are known to the use cases.
    (
        &["aws-lc-rs", "jsonwebtoken", "argon2", "zxcvbn", "getrandom", "unicode-normalization"],
        &["service"],
    ),
    // The two inner crates do no I/O and know no wire: they are linked into clients one day.
    (
        &["serde", "serde_json", "tokio", "tracing"],
        &["store", "service", "server", "keyward", "it"],
    ),
    (&["thiserror"], &["store", "service", "server", "keyward"]),
    // Tools of tests.
    (&["insta", "thirtyfour"], &["it"]),
];

#[test]
fn a_crate_uses_only_crates_before_it() {
    let mut findings = Vec::new();
    for (position, name) in CRATES.iter().enumerate() {
        for (dependency, table) in dependencies_of(name) {
            if let Some(other) = CRATES.iter().position(|c| *c == dependency)
                && other >= position
            {
                findings.push(format!("crates/{name}/Cargo.toml [{table}]: {dependency}"));
            }
        }
    }
    report(&findings, &format!("The order is {}.", CRATES.join(" <- ")));
}

#[test]
fn http_never_reaches_sql_directly() {
    // server -> service -> store: a handler that could open a transaction would skip the use case,
    // and with it the right and the audit event.
    let found = dependencies_of("server");
    let findings: Vec<String> = found
        .iter()
        .filter(|(name, _)| name == "store")
        .map(|(_, t)| format!("server [{t}]: store"))
        .collect();
    report(&findings, "server goes through service.");
}

#[test]
fn a_foreign_crate_stays_in_its_home() {
    let mut findings = Vec::new();
    for name in CRATES {
        for (dependency, table) in dependencies_of(name) {
            for (crates, homes) in HOMES {
                if crates.contains(&dependency.as_str()) && !homes.contains(&name) {
                    findings.push(format!(
                        "crates/{name}/Cargo.toml [{table}]: {dependency} (home: {homes:?})"
                    ));
                }
            }
        }
    }
    report(
        &findings,
        "See HOMES in crates/it/tests/suite/tidy/dependencies.rs, and ask what the crate is for.",
    );
}

#[test]
fn every_dependency_is_used() {
    let mut findings = Vec::new();
    for name in CRATES {
        let code: String = project_files_ending(".rs")
            .iter()
            .filter(|file| file.starts_with(&format!("crates/{name}/")))
            .map(|file| code_only(&read(file)) + "\n")
            .collect();
        for (dependency, table) in dependencies_of(name) {
            if !has_word(&code, &dependency.replace('-', "_")) {
                findings.push(format!("crates/{name}/Cargo.toml [{table}]: {dependency}"));
            }
        }
    }
    report(&findings, "Listed and not used: take it out.");
}

#[test]
fn every_workspace_dependency_has_a_user() {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("a manifest");
    let used: Vec<String> =
        CRATES.iter().flat_map(|name| dependencies_of(name)).map(|(name, _)| name).collect();
    let findings: Vec<String> = manifest["workspace"]["dependencies"]
        .as_table()
        .expect("a table")
        .keys()
        .filter(|name| !used.contains(name))
        .cloned()
        .collect();
    report(&findings, "In [workspace.dependencies] and in no crate: take it out.");
}
