//! Requirements have ids (`docs/requirements.md`), and a test that holds one bears its id at the
//! front of its name: `oa_03_…`, or `rv_01_in_01_…` for two. The ledger lists which test holds which.

use std::collections::BTreeMap;

use super::code::code_only;
use super::{compare_ledger, project_files_ending, read, report};

const DOCUMENT: &str = "docs/requirements.md";

/// The ids of the document, in its order.
fn known() -> Vec<String> {
    read(DOCUMENT)
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next())
        .filter(|id| is_id(id))
        .map(str::to_owned)
        .collect()
}

fn is_id(text: &str) -> bool {
    text.split_once('-').is_some_and(|(group, number)| {
        (1..=2).contains(&group.len())
            && group.bytes().all(|b| b.is_ascii_uppercase())
            && number.len() == 2
            && number.bytes().all(|b| b.is_ascii_digit())
    })
}

/// The ids at the front of a function's name.
fn ids_of(function: &str) -> Vec<String> {
    let words: Vec<&str> = function.split('_').collect();
    words
        .chunks(2)
        .map_while(|pair| match pair {
            [group, number] => {
                Some(format!("{}-{number}", group.to_uppercase())).filter(|id| is_id(id))
            }
            _ => None,
        })
        .collect()
}

/// Id -> tests, as `file::function`.
fn claims() -> BTreeMap<String, Vec<String>> {
    let mut claims: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in project_files_ending(".rs") {
        let code = code_only(&read(&file));
        for function in functions(&code) {
            for id in ids_of(function) {
                claims.entry(id).or_default().push(format!("{}::{function}", short(&file)));
            }
        }
    }
    for tests in claims.values_mut() {
        tests.sort();
    }
    claims
}

fn functions(code: &str) -> impl Iterator<Item = &str> {
    code.match_indices("fn ").filter_map(|(at, _)| {
        let name = code[at + 3..].split(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
        (!code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') && !name.is_empty())
            .then_some(name)
    })
}

/// `crates/it/tests/suite/tidy/supply.rs` is `it/tidy/supply`.
fn short(file: &str) -> String {
    file.trim_start_matches("crates/")
        .trim_end_matches(".rs")
        .replace("/tests/suite/", "/")
        .replace("/src/", "/")
}

#[test]
fn a_test_claims_only_requirements_that_exist() {
    let known = known();
    assert!(known.len() > 50, "{DOCUMENT} lists {} requirements", known.len());
    let mut findings = Vec::new();
    for (id, tests) in claims() {
        if !known.contains(&id) {
            findings.push(format!("{id}: {}", tests.join(", ")));
        }
    }
    report(&findings, &format!("The id is wrong, or {DOCUMENT} lacks a line."));
}

#[test]
fn an_id_is_listed_once() {
    let mut ids = known();
    ids.sort();
    let findings: Vec<String> =
        ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect();
    report(&findings, &format!("{DOCUMENT} lists it twice."));
}

#[test]
fn the_ledger_of_requirements_is_up_to_date() {
    let known = known();
    let claims = claims();
    let held = known.iter().filter(|id| claims.contains_key(*id)).count();
    let mut text = format!(
        "# Requirements and the tests that hold them\n\n\
         Made from the names of the tests; what each id asks for stands in `{DOCUMENT}`.\n\n\
         {held} of {} have a test.\n\n| id | tests |\n|---|---|\n",
        known.len()
    );
    for id in known {
        let tests = claims.get(&id).map_or_else(|| "none".to_owned(), |tests| tests.join("<br>"));
        text.push_str(&format!("| {id} | {tests} |\n"));
    }
    compare_ledger("requirements.md", &text);
}

#[test]
fn ids_are_read_from_the_front_of_a_name() {
    assert_eq!(ids_of("oa_03_wrong_secret_is_401"), ["OA-03"]);
    assert_eq!(ids_of("rv_01_in_01_callers_authenticate"), ["RV-01", "IN-01"]);
    assert_eq!(ids_of("r_11_never_over_the_ceiling"), ["R-11"]);
    for none in ["revoked_key_is_refused", "oa_3_short", "version_07_is_read", "in_memory_01"] {
        assert!(ids_of(none).is_empty(), "{none}");
    }
}
