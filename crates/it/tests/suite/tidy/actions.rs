//! What the audit log can say was done stands in one list, by which the console names it and filters.

use super::{project_files_ending, read, report};
use std::collections::BTreeSet;

const LIST: &str = "crates/server/src/console/audit/actions.rs";

/// The texts of a source that look like an action: `key.create`.
fn actions_in(source: &str) -> BTreeSet<String> {
    let own = source.split("\n#[cfg(test)]").next().unwrap_or_default();
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let is_action =
        |text: &&str| text.split_once('.').is_some_and(|(kind, deed)| part(kind) && part(deed));
    own.split('"').filter(is_action).map(str::to_owned).collect()
}

#[test]
fn every_action_that_is_written_has_words_and_no_other_has() {
    let known = actions_in(&read(LIST));
    let kinds: BTreeSet<&str> =
        known.iter().filter_map(|action| action.split('.').next()).collect();
    let of_kinds = |action: &String| action.split('.').next().is_some_and(|k| kinds.contains(k));
    let mut written = BTreeSet::new();
    for file in project_files_ending(".rs") {
        let of_program = file.starts_with("crates/") && !file.starts_with("crates/it/");
        if of_program && !file.contains("test") && file != LIST {
            written.extend(actions_in(&read(&file)).into_iter().filter(of_kinds));
        }
    }
    let findings: Vec<String> =
        known.symmetric_difference(&written).map(|action| format!("{LIST}: {action}")).collect();
    report(&findings, "List each action that some event has, with its words, and no other.");
    assert!(known.len() > 50, "{known:?}");
}
