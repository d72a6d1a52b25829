//! A small reader of Rust text: enough to tell code from comments and literals. The tidy tests need
//! no parser, but they must not take a word in a comment for a use of it.

/// The source with comments, and what stands in string and character literals, replaced by blanks.
/// Line breaks stay, so that line numbers do too.
pub(super) fn code_only(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = skip(source, at).unwrap_or(at);
        if end > at {
            out.extend(bytes[at..end].iter().map(|b| if *b == b'\n' { b'\n' } else { b' ' }));
            at = end;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Where the comment or literal that begins at `at` ends; `None` when none begins there.
fn skip(source: &str, at: usize) -> Option<usize> {
    let rest = &source.as_bytes()[at..];
    let before = at.checked_sub(1).map_or(b' ', |b| source.as_bytes()[b]);
    let after_word = before.is_ascii_alphanumeric() || before == b'_';
    match rest {
        [b'/', b'/', ..] => Some(at + find(rest, b"\n", 0)),
        [b'/', b'*', ..] => Some(at + block_comment(rest)),
        [b'"', ..] => Some(at + quoted(rest, 1)),
        [b'r', b'"' | b'#', ..] if !after_word || before == b'b' => {
            raw_string(rest).map(|end| at + end)
        }
        [b'\'', b'\\', ..] => Some(at + quoted_char(rest)),
        [b'\'', _, b'\'', ..] => Some(at + 3),
        // A character of several bytes; a lifetime has no closing quote that near.
        [b'\'', first, ..] if *first >= 0x80 => {
            rest.iter().skip(1).take(5).position(|b| *b == b'\'').map(|end| at + end + 2)
        }
        _ => None,
    }
}

fn find(text: &[u8], what: &[u8], from: usize) -> usize {
    text.get(from..)
        .and_then(|rest| rest.windows(what.len()).position(|window| window == what))
        .map_or(text.len(), |found| from + found)
}

fn block_comment(text: &[u8]) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn quoted(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while at < text.len() && text[at] != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

fn quoted_char(text: &[u8]) -> usize {
    let mut at = 1;
    while at < text.len() && text[at] != b'\'' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

fn raw_string(text: &[u8]) -> Option<usize> {
    let hashes = text.iter().skip(1).take_while(|b| **b == b'#').count();
    if text.get(1 + hashes) != Some(&b'"') {
        return None; // a raw identifier
    }
    let mut closing = vec![b'"'];
    closing.resize(1 + hashes, b'#');
    Some((find(text, &closing, 2 + hashes) + closing.len()).min(text.len()))
}

#[test]
fn comments_and_literals_are_no_code() {
    let source = "a // b\nc /* d /* e */ f */ g \"h \\\" i\" 'j' '\\'' r#\"k \" l\"# &'m str; br\"n\" r#type";
    let code = code_only(source);
    let words: Vec<&str> =
        code.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    assert_eq!(words, ["a", "c", "g", "m", "str", "b", "r", "type"]);
    assert_eq!(code.lines().count(), source.lines().count());
}
