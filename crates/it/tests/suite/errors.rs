//! The list of error codes in the documentation against the code.

use std::{collections::BTreeSet, fs, path::Path};

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).expect("a file of the project")
}

/// The texts that `fn code` of a file can return.
fn codes(file: &str) -> BTreeSet<String> {
    let text = read(file);
    let body = text.split("fn code(&self)").nth(1).expect("a function `code`");
    let body = body.split("\n    }\n").next().unwrap_or_default();
    body.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_code_is_documented_and_nothing_else_is() {
    let mut known = codes("crates/service/src/error.rs");
    known.extend(codes("crates/server/src/failure.rs"));
    let documented: BTreeSet<String> = read("docs/errors.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|word| *word != "code")
        .map(str::to_owned)
        .collect();
    assert!(known.len() > 20, "{known:?}");
    assert_eq!(documented, known);
}
