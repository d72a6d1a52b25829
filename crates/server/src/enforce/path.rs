//! Paths that mean the same to whoever reads them.

/// The path, unless it could be read as another one: with a dot segment, an encoded slash, backslash
/// or dot, or a NUL. A key whose allow-list names paths is refused on such a one, because whoever
/// stands behind us may resolve what we compare.
#[must_use]
pub fn plain_path(path: &str) -> Option<&str> {
    let bytes = path.as_bytes();
    if bytes.contains(&b'\\') {
        return None;
    }
    let encoded = |bytes: &[u8]| {
        matches!(bytes, [b'%', b'2', b'e' | b'E' | b'f' | b'F'] | [b'%', b'5', b'c' | b'C'])
            || bytes == b"%00"
            // Decoded twice, it would be any of these.
            || bytes == b"%25"
    };
    if bytes.contains(&b'%') && bytes.windows(3).any(encoded) {
        return None;
    }
    // What follows a `;` are parameters of the segment, which some take off before they resolve.
    let dots = |segment: &str| matches!(segment.split(';').next(), Some("." | ".."));
    if bytes.contains(&b'.') && path.split('/').any(dots) {
        return None;
    }
    Some(path)
}
