//! A surface is one wire. It knows no other wire, and its words stay in its folder.

use super::code::code_only;
use super::{is_word_at, project_files_ending, read, report};

const FOLDER: &str = "crates/server/src/surfaces/";

/// The surface that a file belongs to.
fn surface_of(file: &str) -> Option<&str> {
    let name = file.strip_prefix(FOLDER)?.split('/').next()?.trim_end_matches(".rs");
    (name != "mod").then_some(name)
}

fn surfaces() -> Vec<String> {
    let files = project_files_ending(".rs");
    let mut names: Vec<String> =
        files.iter().filter_map(|f| surface_of(f)).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn a_surface_knows_no_other_surface_and_no_console() {
    let surfaces = surfaces();
    let mut findings = Vec::new();
    for file in project_files_ending(".rs") {
        let Some(own) = surface_of(&file) else {
            continue;
        };
        for (number, line) in code_only(&read(&file)).lines().enumerate() {
            let other = surfaces
                .iter()
                .map(String::as_str)
                .chain(["console"])
                .find(|name| *name != own && is_path_segment(line, name));
            if let Some(other) = other {
                findings.push(format!("{file}:{}: {other}: {}", number + 1, line.trim()));
            }
        }
    }
    report(
        &findings,
        "What two surfaces need lies above both, in crates/server/src, or below, in service.",
    );
}

/// Whether the line names `name` as a part of a path: `name::`, `::name`, or inside `use …::{…}`.
/// Use cases may lie in a module of the same name: `service::name` is no surface.
fn is_path_segment(line: &str, name: &str) -> bool {
    let whole = line.trim_start().starts_with("use service::");
    let of_service = |at: usize| whole || line[..at].ends_with("service::");
    line.match_indices(name).filter(|(at, _)| !of_service(*at)).any(|(at, _)| {
        let after = &line[at + name.len()..];
        is_word_at(line, at, name.len())
            && (after.starts_with("::")
                || line[..at].ends_with("::")
                || line.trim_start().starts_with("use "))
    })
}

#[test]
fn a_path_segment_is_told_from_a_variable() {
    assert!(is_path_segment("use crate::surfaces::{auth_v3, native};", "native"));
    assert!(is_path_segment("super::super::native::error::render(x)", "native"));
    assert!(is_path_segment("crate::console::page()", "console"));
    assert!(!is_path_segment("let native = 1;", "native"));
    assert!(!is_path_segment("use service::oauth2::TokenCheck;", "oauth2"));
    assert!(!is_path_segment("use service::{Error, oauth2::TokenCheck};", "oauth2"));
    assert!(!is_path_segment("alternative::x()", "native"));
}

/// Members of peers' wires that have another name with us. One of them outside its surface means
/// that a peer's idea has got into the core.
const PEERS_WORDS: &[(&str, &[&str])] = &[
    ("authorizedGrantTypes", &["auth_v3"]),
    ("cmeUserName", &["auth_v3"]),
    ("contactCenterId", &["auth_v3", "environment_v3"]),
    ("contactCenterIds", &["auth_v3", "environment_v3"]),
    ("contact_center_id", &["auth_v3", "environment_v3"]),
    ("createdby", &["nexus_v3"]),
];

#[test]
fn a_peers_words_stay_in_its_folder() {
    let mut findings = Vec::new();
    for file in project_files_ending(".rs") {
        // Tests and transcripts speak as the peers do.
        if file.starts_with("crates/it/") {
            continue;
        }
        let text = read(&file);
        for (word, homes) in PEERS_WORDS {
            if surface_of(&file).is_some_and(|surface| homes.contains(&surface)) {
                continue;
            }
            // Literals count here, comments do not: a member's name stands in a literal.
            let hit = text.lines().find(|line| {
                let code = line.split("//").next().unwrap_or_default();
                code.match_indices(word).any(|(at, _)| is_word_at(code, at, word.len()))
            });
            if let Some(line) = hit {
                findings.push(format!("{file}: {word} (home: {homes:?}): {}", line.trim()));
            }
        }
    }
    report(&findings, "The surface translates: outside it the words of docs/glossary.md hold.");
}
