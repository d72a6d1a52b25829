//! What is true of the source tree itself, so that no reviewer has to remember it.
//!
//! Here: how the tests find and read files, and how they say what is wrong. Each rule is a file of
//! its own. Lists that only may shrink, and lists that are generated, lie in `crates/it/ledger`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

mod actions;
mod calling_out;
mod code;
mod compare;
mod dependencies;
mod documents;
mod files;
mod manifests;
mod requirements;
mod scopes;
mod secrets;
mod supply;
mod surfaces;
mod words;

/// The root of the workspace.
fn root() -> PathBuf {
    fs::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).expect("the workspace root")
}

/// Every file of the project, relative to the root, `/` between the parts, sorted: what git knows or
/// would add; without git (an unpacked archive), whatever is not made by a build.
fn project_files() -> Vec<String> {
    let mut files = git_files().unwrap_or_else(|| {
        let mut found = Vec::new();
        walk(&root(), "", &mut found);
        found
    });
    // git still lists a file that was removed and not yet committed.
    files.retain(|file| root().join(file).is_file());
    files.sort();
    files.dedup();
    assert!(files.len() > 20, "the project has more files than {files:?}");
    files
}

fn git_files() -> Option<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let files: Vec<String> =
        text.split('\0').filter(|f| !f.is_empty()).map(str::to_owned).collect();
    (output.status.success() && !files.is_empty()).then_some(files)
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of the project").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if [".git", ".cache", "target", "keyward-data"].contains(&name.as_str()) {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            walk(&entry.path(), &path, found);
        } else {
            found.push(path);
        }
    }
}

fn project_files_ending(ending: &str) -> Vec<String> {
    let mut files = project_files();
    files.retain(|file| file.ends_with(ending));
    files
}

/// The text of a file of the project; `None` when it is not text.
fn text_of(file: &str) -> Option<String> {
    String::from_utf8(fs::read(root().join(file)).expect("a listed file")).ok()
}

fn read(file: &str) -> String {
    text_of(file).unwrap_or_else(|| panic!("{file} is not UTF-8"))
}

/// Names of the crates, in the order in which they may use each other; `it` may use all.
const CRATES: [&str; 7] = ["domain", "verifier", "store", "service", "server", "keyward", "it"];

/// Fails with all findings at once, and with the way out.
fn report(findings: &[String], way_out: &str) {
    assert!(findings.is_empty(), "\n  {}\n\n{way_out}\n", findings.join("\n  "));
}

/// Compares generated text with the ledger that is committed, so that a change is read as a diff.
/// `KEYWARD_BLESS=1` writes it anew.
fn compare_ledger(name: &str, generated: &str) {
    let file = format!("crates/it/ledger/{name}");
    if std::env::var("KEYWARD_BLESS").is_ok_and(|v| v == "1") {
        fs::write(root().join(&file), generated).expect("write the ledger");
        return;
    }
    let committed = fs::read_to_string(root().join(&file)).unwrap_or_default();
    let mut findings = Vec::new();
    for line in generated.lines().filter(|line| !committed.lines().any(|old| old == *line)) {
        findings.push(format!("+ {line}"));
    }
    for line in committed.lines().filter(|line| !generated.lines().any(|new| new == *line)) {
        findings.push(format!("- {line}"));
    }
    if findings.is_empty() && committed != generated {
        findings.push("the order of the lines".to_owned());
    }
    report(
        &findings,
        &format!(
            "{file} is not what the sources say. If the change is meant:\n    \
             KEYWARD_BLESS=1 cargo nextest run -p it -E 'test(/^tidy::/)'\nand commit the difference."
        ),
    );
}

/// Whether `text` holds `word` with nothing of an identifier on either side.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| is_word_at(text, at, word.len()))
}

fn is_word_at(text: &str, at: usize, length: usize) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    !text[..at].ends_with(part) && !text[at + length..].starts_with(part)
}
