//! Words that must not be committed: notes to oneself, switched-off tests, paths of one machine.

use super::{is_word_at, project_files, report, text_of};

/// (The text, whether it must stand as a word of its own, why.) Each is written in two halves, so
/// that this file does not contain what it looks for.
const FORBIDDEN: &[(&str, bool, &str)] = &[
    (concat!("TO", "DO"), true, "do it, or write an issue"),
    (concat!("FIX", "ME"), true, "fix it, or write an issue"),
    (concat!("XX", "X"), true, "say what is meant"),
    (concat!("HA", "CK"), true, "say why it has to be so"),
    (concat!("#[", "ignore"), false, "a test that does not run is not a test"),
    (concat!("/wo", "rk/"), false, "a path of one machine"),
    (concat!("/ho", "me/"), false, "a path of one machine"),
    (concat!("/ro", "ot/"), false, "a path of one machine"),
    (concat!("sha", "red/"), false, "a path that is not in the project"),
    (concat!("#[allow(", "dead_code)]"), false, "remove what nobody calls"),
    (concat!("<<<", "<<<<"), false, "an unfinished merge"),
    (concat!(">>>", ">>>>"), false, "an unfinished merge"),
    (concat!("BEGIN ", "PRIVATE KEY"), false, "a secret"),
    (concat!("BEGIN ", "RSA PRIVATE KEY"), false, "a secret"),
];

#[test]
fn no_forbidden_word_is_committed() {
    let mut findings = Vec::new();
    for file in project_files() {
        // The licence is not ours to edit.
        if file == "LICENSE" {
            continue;
        }
        let Some(text) = text_of(&file) else { continue };
        for (number, line) in text.lines().enumerate() {
            for (word, whole, why) in FORBIDDEN {
                let mut hits = line.match_indices(word);
                if hits.any(|(at, _)| !whole || is_word_at(line, at, word.len())) {
                    findings.push(format!("{file}:{}: {word}: {why}", number + 1));
                }
            }
        }
    }
    report(&findings, "See FORBIDDEN in crates/it/tests/suite/tidy/words.rs.");
}

#[test]
fn every_text_file_ends_with_one_line_break_and_has_no_trailing_blanks() {
    const ENDINGS: [&str; 6] = [".rs", ".md", ".toml", ".sql", ".yml", ".txt"];
    let mut findings = Vec::new();
    for file in project_files() {
        if !ENDINGS.iter().any(|ending| file.ends_with(ending))
            || file.starts_with("crates/it/corpus/")
        {
            continue;
        }
        let Some(text) = text_of(&file) else {
            findings.push(format!("{file}: not UTF-8"));
            continue;
        };
        if !text.is_empty() && (!text.ends_with('\n') || text.ends_with("\n\n")) {
            findings.push(format!("{file}: its end"));
        }
        for (number, line) in text.lines().enumerate() {
            if line.ends_with([' ', '\t', '\r']) {
                findings.push(format!("{file}:{}: blanks at the end of the line", number + 1));
            }
        }
    }
    report(&findings, "Differences should show what changed, not how an editor was set.");
}
