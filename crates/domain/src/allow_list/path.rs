//! Paths, compared as they came; so only those count that everybody reads as we do.

/// Whether `path` lies under `prefix`, whole segments only: `/a` holds `/a` and `/a/b`, not `/ab`.
/// A path that could be read as another one lies under none.
pub(super) fn is_under(path: &str, prefix: &str) -> bool {
    let stem = prefix.strip_suffix('/').unwrap_or(prefix);
    let below = path.strip_prefix(stem);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) && is_plain(path)
}

/// Whether a path can be what others begin with: nobody reads it in another way, with single slashes
/// and without the parameters of its segments either. One with a `*` was meant for a pattern, and would
/// let nothing pass: a prefix needs none.
#[must_use]
pub fn is_prefix(path: &str) -> bool {
    is_plain(path) && !path.contains("//") && !path.contains([';', '*'])
}

/// Whether nobody who stands behind us could read the path as another one: decoded once more, with
/// backslashes for slashes, with dot segments resolved, or cut at a `?`.
fn is_plain(path: &str) -> bool {
    let odd = |c: char| matches!(c, '\\' | '?' | '#') || c.is_control();
    path.starts_with('/')
        && !path.contains(odd)
        && path.split('/').all(|segment| !is_dots(segment))
        && (!path.contains('%')
            || decoded(path).is_some_and(|text| !text.contains(char::is_control)))
}

/// The path as a server decodes it. There is none where an escape stands for a slash, a backslash, a dot,
/// a semicolon or a percent sign (decoded twice, it would be any of these), for nothing, or for bytes of
/// no character, which some decode into a slash or a dot nevertheless.
fn decoded(path: &str) -> Option<String> {
    let mut pieces = path.split('%');
    let mut octets = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        let octet = u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
        if matches!(octet, b'/' | b'\\' | b'.' | b';' | b'%') {
            return None;
        }
        octets.push(octet);
        octets.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(octets).ok()
}

/// Whether it is a dot segment, or becomes one to whoever takes off what follows a `;`, or spaces.
fn is_dots(segment: &str) -> bool {
    let name = segment.split(';').next().unwrap_or_default();
    name.starts_with('.') && matches!(name.replace("%20", " ").trim_end(), "." | "..")
}
