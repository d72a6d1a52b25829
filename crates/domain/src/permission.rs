//! Permissions: what a key may do.
//!
//! 2 to 6 segments of `[a-z0-9_-]+` joined by `:`; `*` may only be the last segment and stands for
//! one or more segments. A *wanted* permission has no `*`.

use std::fmt;

/// A permission that a key carries; its last segment may be `*`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Permission(Box<str>);

/// Why a text is not a permission.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotAPermission {
    /// Fewer than 2 or more than 6 segments, or over 255 characters.
    Segments,
    /// A segment is empty or has a character outside `[a-z0-9_-]`, or `*` is not the last one.
    Character,
    /// `*` where a wanted permission must be exact.
    Wildcard,
}

/// First segments that only the seeded key types use.
pub const RESERVED: [&str; 5] = ["nexus", "engagement", "experience", "nx1", "keyward"];

impl Permission {
    /// Reads a permission.
    ///
    /// # Errors
    /// Says which rule of the grammar the text breaks.
    pub fn parse(text: &str) -> Result<Self, NotAPermission> {
        if text.len() > 255 || !(2..=6).contains(&text.split(':').count()) {
            return Err(NotAPermission::Segments);
        }
        let exact = text.strip_suffix(":*").unwrap_or(text);
        if exact.split(':').all(is_segment) {
            Ok(Self(text.into()))
        } else {
            Err(NotAPermission::Character)
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this permission covers `other` in full; `other` may itself end in `*`.
    ///
    /// ```
    /// use domain::permission::Permission;
    ///
    /// let held = Permission::parse("orders:*").unwrap();
    /// assert!(held.covers("orders:read"));
    /// assert!(held.covers("orders:read:eu"));
    /// assert!(!held.covers("orders"), "the star stands for one segment at least");
    /// assert!(!held.covers("ordersx:read"));
    /// ```
    #[must_use]
    pub fn covers(&self, other: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(stem) => other.len() > stem.len() && other.starts_with(stem),
            None => &*self.0 == other,
        }
    }

    /// Whether this permission covers any `nexus:cluster:…`, which no tenant may hold.
    #[must_use]
    pub fn reaches_cluster(&self) -> bool {
        self.0.starts_with("nexus:cluster:") || &*self.0 == "nexus:*"
    }

    /// The first segment.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.0.split(':').next().unwrap_or("")
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_segment(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_plain)
}

const fn is_plain(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')
}

/// Checks a wanted permission: the grammar, and no `*`.
///
/// # Errors
/// Says which rule the text breaks.
pub fn check_wanted(text: &str) -> Result<(), NotAPermission> {
    if text.ends_with('*') {
        return Err(NotAPermission::Wildcard);
    }
    // Every verification comes through here, so the text is walked once.
    let (mut segments, mut empty, mut foreign) = (1_usize, false, false);
    let mut before = b':';
    for byte in text.bytes() {
        let colon = byte == b':';
        segments += usize::from(colon);
        empty |= colon && before == b':';
        foreign |= !colon && !is_plain(byte);
        before = byte;
    }
    if text.len() > 255 || !(2..=6).contains(&segments) {
        return Err(NotAPermission::Segments);
    }
    if empty || foreign || before == b':' { Err(NotAPermission::Character) } else { Ok(()) }
}

/// What a caller of verify wants of a key's permissions.
#[derive(Clone, Copy, Debug)]
pub enum Wants<'a> {
    /// Nothing in particular.
    Nothing,
    /// Every one of these.
    All(&'a [&'a str]),
    /// At least one of these.
    Any(&'a [&'a str]),
}

impl Wants<'_> {
    /// Whether `held` satisfies the wish; an empty `Any` is satisfied by nothing.
    #[must_use]
    pub fn satisfied_by(&self, held: &[Permission]) -> bool {
        let covered = |wanted: &&str| held.iter().any(|p| p.covers(wanted));
        match self {
            Self::Nothing => true,
            Self::All(wanted) => wanted.iter().all(covered),
            Self::Any(wanted) => wanted.iter().any(covered),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_wanted_permission_is_one_without_a_star(text in "[a-c:*A ]{0,12}") {
            let permission = Permission::parse(&text).is_ok() && !text.ends_with('*');
            prop_assert_eq!(check_wanted(&text).is_ok(), permission, "{}", text);
        }
    }

    #[test]
    fn the_grammar() {
        for good in ["nexus:consumer:chat", "nexus:consumer:*", "nexus:*", "a:b:c:d:e:f", "a-1:b_2"]
        {
            assert!(Permission::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "*",
            "nexus",
            "a:b:c:d:e:f:g",
            "a::b",
            "a:*:b",
            "A:b",
            "a:b*",
            "a:**",
            "a:b ",
            "nexus:cons*",
        ] {
            assert!(Permission::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(check_wanted("nexus:*"), Err(NotAPermission::Wildcard));
    }

    #[test]
    fn a_star_stands_for_one_or_more_segments() {
        let p = Permission::parse("nexus:consumer:*").unwrap();
        assert!(
            p.covers("nexus:consumer:chat")
                && p.covers("nexus:consumer:chat:eu")
                && p.covers("nexus:consumer:*")
        );
        assert!(
            !p.covers("nexus:consumer")
                && !p.covers("nexus:consumers:chat")
                && !p.covers("nexus:*")
        );
    }

    #[test]
    fn what_covers_a_cluster_permission_is_seen() {
        for text in ["nexus:*", "nexus:cluster:*", "nexus:cluster:chat"] {
            assert!(Permission::parse(text).unwrap().reaches_cluster(), "{text}");
        }
        for text in ["nexus:consumer:*", "nexus:cluster", "nexus:clusters:chat"] {
            assert!(!Permission::parse(text).unwrap().reaches_cluster(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn covering_agrees_with_a_segment_walk(p in "[ab]{1,2}(:[ab]{1,2}){1,3}(:\\*)?", w in "[ab]{1,2}(:[ab]{1,2}){1,5}") {
            if let Ok(held) = Permission::parse(&p) {
                let (h, x): (Vec<_>, Vec<_>) = (p.split(':').collect(), w.split(':').collect());
                let slow = if h.last() == Some(&"*") {
                    x.len() >= h.len() && h.iter().zip(&x).take(h.len() - 1).all(|(a, b)| a == b)
                } else {
                    h == x
                };
                prop_assert_eq!(held.covers(&w), slow);
            }
        }
    }
}
