//! A secret must not be printable. Its own type sees to that; this holds the structs around it to
//! using that type, or to not being printable themselves.

use super::code::code_only;
use super::{project_files_ending, read, report};

/// Fields that hold what a caller presents or is given.
const NAMES: &[&str] = &[
    "secret",
    "password",
    "old_password",
    "new_password",
    "client_secret",
    "access_token",
    "refresh_token",
    "jwt",
    "pre_shared_key",
    "master_key",
    "credential",
    "authorization",
];
/// Types that print what they hold.
const PLAIN: &[&str] = &["String", "str", "u8", "Bytes", "HeaderValue", "Value"];

#[test]
fn lg_01_no_type_with_a_plain_secret_can_be_printed() {
    let mut findings = Vec::new();
    for file in project_files_ending(".rs") {
        if file.starts_with("crates/it/") {
            continue;
        }
        for found in printable_structs(&code_only(&read(&file))) {
            for (field, kind) in fields(found.body) {
                if NAMES.contains(&field) && words(kind).any(|word| PLAIN.contains(&word)) {
                    findings.push(format!("{file}: {}.{field}: {kind}", found.name));
                }
            }
        }
    }
    report(&findings, "Hold it in domain::secret::Secret, or leave Debug out of the derive.");
}

struct Found<'a> {
    name: &'a str,
    body: &'a str,
}

/// Structs, and variants of enums, that derive `Debug`.
fn printable_structs(code: &str) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("#[derive(") {
        let rest = &code[at..];
        let Some((derived, after)) = rest.split_once(")]") else { continue };
        if !words(derived).any(|word| word == "Debug") {
            continue;
        }
        // Up to the next item's derive: attributes, visibility, the name, the body in braces.
        let item = after.split("#[derive(").next().unwrap_or(after);
        let Some(open) = item.find('{') else { continue };
        if item[..open].contains(';') {
            continue; // a tuple struct has no names
        }
        let mut head = words(&item[..open]).skip_while(|word| !["struct", "enum"].contains(word));
        let Some(name) = head.nth(1) else { continue };
        found.push(Found { name, body: &item[open..end_of_block(item, open)] });
    }
    found
}

fn end_of_block(text: &str, open: usize) -> usize {
    let mut depth = 0usize;
    for (at, letter) in text[open..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return open + at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// `name: Type` pairs, separated by commas outside of angle brackets.
fn fields(body: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    let mut depth = 0usize;
    let separates = |letter: char| {
        match letter {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        "{}".contains(letter) || (letter == ',' && depth == 0)
    };
    for piece in body.split(separates) {
        if let Some((name, kind)) = piece.split_once(": ")
            && let Some(name) = words(name).last()
        {
            pairs.push((name, kind.trim()));
        }
    }
    pairs
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

#[test]
fn a_printable_secret_is_found() {
    let code = "
        #[derive(Clone, Debug)]
        pub struct Bad<'a> { pub name: String, pub secret: Cow<'a, str> }
        #[derive(Deserialize)]
        struct Silent { secret: String }
        #[derive(Debug)]
        struct Typed { secret: Secret, name: String }
        #[derive(Debug)]
        enum Grant {
            Password { username: String, password: Option<String> },
        }
    ";
    let hits: Vec<(&str, &str)> = printable_structs(code)
        .iter()
        .flat_map(|found| {
            fields(found.body).into_iter().map(|(field, kind)| (found.name, field, kind))
        })
        .filter(|(_, field, kind)| {
            NAMES.contains(field) && words(kind).any(|word| PLAIN.contains(&word))
        })
        .map(|(name, field, _)| (name, field))
        .collect();
    assert_eq!(hits, [("Bad", "secret"), ("Grant", "password")]);
}

#[test]
fn lg_01_the_secret_type_derives_nothing_that_prints_or_copies() {
    let code = code_only(&read("crates/domain/src/secret.rs"));
    let (before, _) = code.split_once("pub struct Secret(").expect("the type");
    // The attributes of the item stand between the end of the item before it and its own name.
    let attributes = before.rsplit(['}', ';']).next().unwrap_or_default();
    for derived in ["Debug", "Display", "Serialize", "Clone", "Copy"] {
        assert!(!words(attributes).any(|word| word == derived), "Secret derives {derived}");
    }
}
