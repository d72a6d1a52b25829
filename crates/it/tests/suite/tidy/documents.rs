//! Documents name files; files move. Every path that a document names has to exist.

use super::{project_files, project_files_ending, read, report, root};

/// Files that a document may name although only a user's machine has them.
const MADE_ELSEWHERE: &[&str] = &["keyward.toml", "initial-credentials", "tls.key", "tls.crt"];
/// Endings by which a word in backticks is taken for a file.
const ENDINGS: &[&str] = &[".rs", ".md", ".toml", ".sql", ".sh", ".lock", ".proto", ".html"];

#[test]
fn every_path_in_a_document_exists() {
    let files = project_files();
    let mut findings = Vec::new();
    for document in project_files_ending(".md") {
        let text = read(&document);
        for (number, line) in prose(&text) {
            for path in links(line) {
                if !link_exists(&document, path) {
                    findings.push(format!("{document}:{number}: link to {path}"));
                }
            }
            for word in in_backticks(line) {
                if !named_file_exists(&files, word) {
                    findings.push(format!("{document}:{number}: `{word}`"));
                }
            }
        }
    }
    report(
        &findings,
        "A document that names what is not there sends its reader away. Correct the path.",
    );
}

/// The lines outside fenced blocks, with their numbers.
fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            lines.push((number + 1, line));
        }
    }
    lines
}

/// Targets of `[text](target)` within the project, without their anchors.
fn links(line: &str) -> Vec<&str> {
    line.match_indices("](")
        .filter_map(|(at, _)| line[at + 2..].split(')').next())
        .filter(|target| {
            !target.contains("://")
                && !target.starts_with(['#', '<'])
                && !target.starts_with("mailto:")
        })
        .filter_map(|target| target.split(['#', ' ']).next())
        .filter(|target| !target.is_empty())
        .collect()
}

fn link_exists(document: &str, target: &str) -> bool {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    root().join(folder).join(target).exists()
}

/// What stands in single backticks.
fn in_backticks(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// True for everything that is no file of ours by its looks.
fn named_file_exists(files: &[String], word: &str) -> bool {
    let path = word.trim_end_matches('/');
    let odd = |c: char| c.is_whitespace() || "<>*{}$…|\"'=()[],;?".contains(c);
    let placeholder = path.contains("NNNN") || path.contains("::") || path.contains("://");
    if path.is_empty() || path.contains(odd) || placeholder || path.starts_with(['/', '~', '-']) {
        return true;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    if MADE_ELSEWHERE.contains(&name) || path.starts_with("target/") || path.starts_with(".cache") {
        return true;
    }
    let first = path.split('/').next().unwrap_or(path);
    let from_root =
        path.contains('/') && files.iter().any(|file| file.split('/').next() == Some(first));
    let looks_like_file =
        ENDINGS.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending));
    if !from_root && !looks_like_file {
        return true;
    }
    // A file or a folder, from the root, or by its last parts: `keys/create.rs`.
    let tail = format!("/{path}");
    files.iter().any(|file| {
        let rooted = format!("/{file}");
        rooted.ends_with(&tail) || rooted.contains(&format!("{tail}/"))
    })
}

#[test]
fn a_file_is_told_from_a_route_and_a_value() {
    let files =
        ["crates/server/src/surfaces/native/keys/create.rs".to_owned(), "README.md".to_owned()];
    for word in [
        "crates/server/src/surfaces",
        "keys/create.rs",
        "create.rs",
        "README.md",
        "surfaces/native/",
    ] {
        assert!(named_file_exists(&files, word), "{word} exists");
    }
    for word in
        ["crates/server/src/surface", "keys/remove.rs", "remove.rs", "TRADEME.md", "crates/none"]
    {
        assert!(!named_file_exists(&files, word), "{word} does not exist");
    }
    for word in [
        "/v1/keys/verify",
        "application/json",
        "text/html",
        "store::Tx",
        "crates/<name>/x.rs",
        "keyward.toml",
    ] {
        assert!(named_file_exists(&files, word), "{word} is no file of ours");
    }
}

#[test]
fn links_are_read_without_anchors_and_addresses() {
    let line =
        "see [a](docs/a.md#b), [c](https://d.example/e.md), [f](#g) and [h](../i.md \"title\")";
    assert_eq!(links(line), ["docs/a.md", "../i.md"]);
}
