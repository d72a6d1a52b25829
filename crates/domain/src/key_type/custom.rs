//! What the names of a tenant's own key type may be.

/// Headers that mean something else already, and so hold no key.
const OTHER_HEADERS: [&str; 12] = [
    "accept",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "forwarded",
    "host",
    "origin",
    "referer",
    "transfer-encoding",
    "upgrade",
];

/// Whether a custom type may have this name: `[a-z0-9-]{1,64}` and no seeded type's.
#[must_use]
pub fn is_type_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && super::seeded().iter().all(|t| t.name != text)
}

/// Whether a key may be presented in a header of this name: lower case, and not one that means
/// something else.
#[must_use]
pub fn is_header(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !OTHER_HEADERS.contains(&text)
}

/// Whether a key may be presented in a parameter of this name.
#[must_use]
pub fn is_parameter(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custom_type_takes_no_seeded_name() {
        assert!(is_type_name("partner-v2") && is_type_name("a"));
        for bad in ["", "api", "psk", "Partner", "a_b", "a b", &"a".repeat(65)] {
            assert!(!is_type_name(bad), "{bad}");
        }
    }

    #[test]
    fn a_place_is_a_plain_name_of_its_own() {
        assert!(is_header("x-partner-key") && is_parameter("api.key_2"));
        for bad in ["", "cookie", "X-Key", "x key", "authorization"] {
            assert!(!is_header(bad), "{bad}");
        }
        assert!(!is_parameter("a&b") && !is_parameter(""));
    }
}
