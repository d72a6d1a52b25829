//! What proves a caller is compared in constant time, or not compared at all: keys are found by HMAC
//! and by digest, tokens by digest, and what is left goes through `subtle` (EN-04).

use super::code::code_only;
use super::{project_files_ending, read, report};

/// Words in an operand that say: this is a secret, or is made of one.
const SECRET: &[&str] =
    &["digest", "expose", "secret", "password", "mac", "cursor_tag", "check_value", "lookup"];
/// Comparisons that look like one and are none, by file.
const HARMLESS: &[(&str, &str)] = &[
    // A form field's name and a number of items.
    ("crates/server/src/surfaces/auth_v3/oauth/token.rs", "grant_type"),
    ("crates/store/src/keys/secrets.rs", "secrets.len()"),
    ("crates/store/src/keys/load.rs", "secret.bytes::<16>(0)"),
    ("crates/store/src/tokens/mod.rs", "token.kind == TokenKind::Refresh"),
    // The audit log against itself, by whoever may read the whole database.
    ("crates/store/src/audit/rows.rs", "last.content"),
];

#[test]
fn en_04_digests_are_compared_in_constant_time() {
    let mut findings = Vec::new();
    for file in project_files_ending(".rs") {
        let of_tests = file.contains("tests") || file.starts_with("crates/it/");
        let plain = ["crates/verifier/", "crates/keyward/"].iter().any(|c| file.starts_with(c));
        if of_tests || plain {
            continue; // The index compares SHA-256 of what is presented, at places mixed with a seed.
        }
        let source = read(&file);
        let source = source.split("\n#[cfg(test)]").next().unwrap_or_default().to_owned();
        // Literals are blanked in `code`, so a name in a text is no finding.
        for (number, line) in code_only(&source).lines().enumerate() {
            let compares = line.contains("==") || line.contains("!=");
            let known = HARMLESS.iter().any(|(f, text)| *f == file && line.contains(text));
            if compares && !known && names_a_secret(line) {
                findings.push(format!("{file}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    report(&findings, "Compare with SecretDigest::same_as or subtle::ConstantTimeEq.");
    assert!(read("crates/domain/src/secret.rs").contains("self.0.ct_eq(&other.0)"));
}

fn names_a_secret(line: &str) -> bool {
    line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|word| {
        SECRET.iter().any(|secret| word == *secret || word.ends_with(&format!("_{secret}")))
    })
}

#[test]
fn the_scan_sees_a_plain_comparison() {
    assert!(names_a_secret("if given.digest() == held.digest() {"));
    assert!(names_a_secret("found.client_secret != wanted"));
    assert!(!names_a_secret("machine == other"));
}
