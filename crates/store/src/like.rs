//! Patterns for `LIKE … ESCAPE '!'`, which is the same on both databases.

/// The pattern that finds `text` anywhere, taken literally.
pub(crate) fn containing(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The pattern that finds what begins with `text`, taken literally.
pub(crate) fn beginning(text: &str) -> String {
    containing(text).split_off(1)
}

/// The pattern that finds `item` as a whole item of a JSON list of plain words.
pub(crate) fn listing(item: &str) -> String {
    containing(&format!("\"{item}\""))
}
