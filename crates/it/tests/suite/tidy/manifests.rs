//! What every crate's manifest says alike: the lints of the house, nothing published, no features.

use super::{CRATES, project_files, read, report};

fn manifest(name: &str) -> toml::Table {
    read(&format!("crates/{name}/Cargo.toml")).parse().expect("a manifest")
}

#[test]
fn the_crates_are_the_ones_that_are_drawn() {
    let mut found: Vec<String> = project_files()
        .iter()
        .filter_map(|file| {
            file.strip_prefix("crates/")?.strip_suffix("/Cargo.toml").map(str::to_owned)
        })
        .collect();
    found.sort();
    let mut drawn = CRATES.map(str::to_owned).to_vec();
    drawn.sort();
    assert_eq!(found, drawn, "a new crate gets its place in CRATES and in ARCHITECTURE.md");
}

#[test]
fn mh_03_every_crate_forbids_unsafe_code_and_panics() {
    let workspace: toml::Table = read("Cargo.toml").parse().expect("a manifest");
    let lints = &workspace["workspace"]["lints"];
    let level = |tool: &str, lint: &str| lints[tool][lint].as_str().map(str::to_owned);
    assert_eq!(level("rust", "unsafe_code").as_deref(), Some("forbid"));
    for lint in ["unwrap_used", "expect_used", "panic", "indexing_slicing", "string_slice", "todo"]
    {
        assert_eq!(level("clippy", lint).as_deref(), Some("deny"), "clippy::{lint}");
    }
    let mut findings = Vec::new();
    for name in CRATES {
        let inherits = manifest(name).get("lints").and_then(|l| l.get("workspace")?.as_bool());
        if inherits != Some(true) {
            findings.push(format!("crates/{name}/Cargo.toml has no [lints] workspace = true"));
        }
    }
    report(&findings, "The lints of the house hold in every crate.");
}

#[test]
fn no_crate_is_published_and_all_share_one_version() {
    let mut findings = Vec::new();
    for name in CRATES {
        let package = &manifest(name)["package"];
        for member in ["version", "edition", "rust-version", "license", "publish"] {
            let inherited = package.get(member).and_then(|m| m.get("workspace")?.as_bool());
            if inherited != Some(true) {
                findings.push(format!(
                    "crates/{name}/Cargo.toml: {member}.workspace = true is missing"
                ));
            }
        }
    }
    report(
        &findings,
        "Names like these belong to nobody on a registry; what is shared stands in one place.",
    );
}

#[test]
fn no_crate_has_features() {
    // What a user chooses, they choose at run time: one binary, one set of tests.
    let findings: Vec<String> = CRATES
        .iter()
        .filter(|name| {
            manifest(name)
                .get("features")
                .is_some_and(|f| f.as_table().is_some_and(|t| !t.is_empty()))
        })
        .map(|name| format!("crates/{name}/Cargo.toml [features]"))
        .collect();
    report(&findings, "Make it a setting.");
}

#[test]
fn every_version_stands_in_the_workspace() {
    let mut findings = Vec::new();
    for name in CRATES {
        let manifest = manifest(name);
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(table) = manifest.get(kind).and_then(toml::Value::as_table) else {
                continue;
            };
            for (dependency, value) in table {
                if value.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    findings.push(format!("crates/{name}/Cargo.toml [{kind}] {dependency}"));
                }
            }
        }
    }
    report(&findings, "Versions and features stand once, in the workspace Cargo.toml.");
}
