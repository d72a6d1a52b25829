//! Sizes and names of source files.

use super::code::code_only;
use super::{project_files_ending, read, report};

/// A file that one sitting can read.
const WANTED_LINES: usize = 300;
/// A file that nobody reads to the end.
const MAX_LINES: usize = 500;
const LEDGER: &str = "crates/it/ledger/long_files.txt";

#[test]
fn no_source_file_is_too_long() {
    let allowed = allowed();
    let mut findings = Vec::new();
    for file in project_files_ending(".rs") {
        let lines = read(&file).lines().count();
        if lines > MAX_LINES {
            findings.push(format!("{file}: {lines} lines, never over {MAX_LINES}"));
        } else if lines > WANTED_LINES && !allowed.contains(&file) {
            findings.push(format!("{file}: {lines} lines, wanted {WANTED_LINES}"));
        }
    }
    report(
        &findings,
        &format!(
            "Split it by what it is about. {LEDGER} holds the ones that wait for that; it only shrinks."
        ),
    );
}

#[test]
fn the_list_of_long_files_only_shrinks() {
    let files = project_files_ending(".rs");
    let mut findings = Vec::new();
    for file in allowed() {
        if !files.contains(&file) {
            findings.push(format!("{file} is gone"));
        } else if read(&file).lines().count() <= WANTED_LINES {
            findings.push(format!("{file} is short now"));
        }
    }
    report(&findings, &format!("Well done. Take it out of {LEDGER}."));
}

fn allowed() -> Vec<String> {
    read(LEDGER)
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn no_module_is_named_after_nothing() {
    const NAMES: [&str; 6] = ["utils", "util", "helpers", "helper", "common", "misc"];
    let mut findings = Vec::new();
    for file in project_files_ending(".rs") {
        let path: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
        if path.iter().any(|part| NAMES.contains(part)) {
            findings.push(file.clone());
        }
        for (number, line) in code_only(&read(&file)).lines().enumerate() {
            let words: Vec<&str> = line
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .filter(|w| !w.is_empty())
                .collect();
            if words.windows(2).any(|pair| pair[0] == "mod" && NAMES.contains(&pair[1])) {
                findings.push(format!("{file}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    report(&findings, "Name it by what is in it; if that cannot be said, it is several modules.");
}
