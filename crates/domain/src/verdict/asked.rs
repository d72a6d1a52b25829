//! What a caller asks about a key.

use crate::{id::Scope, permission::Wants};
use std::net::IpAddr;

/// What the caller asks about.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The tenant that the key must belong to; `None`: any.
    pub tenant: Option<Scope>,
    /// The types of which the key must have one.
    pub key_types: KeyTypes<'a>,
    /// The permissions it must carry.
    pub wants: Wants<'a>,
    /// The `Origin`, or the `Referer`'s origin, of the call.
    pub origin: Option<&'a str>,
    /// The address of the call's client.
    pub address: Option<IpAddr>,
    /// The call's method.
    pub method: Option<&'a str>,
    /// The call's path.
    pub path: Option<&'a str>,
}

/// The types of which a key must have one. Borrowed as they lie, so that no call copies a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum KeyTypes<'a> {
    /// Whatever it is.
    #[default]
    Any,
    /// This one.
    One(&'a str),
    /// One of these; of none there is no key.
    OneOf(&'a [String]),
}

impl KeyTypes<'_> {
    /// Whether a key of this type will do.
    #[must_use]
    pub fn hold(&self, key_type: &str) -> bool {
        match self {
            Self::Any => true,
            Self::One(wanted) => *wanted == key_type,
            Self::OneOf(wanted) => wanted.iter().any(|name| name == key_type),
        }
    }
}

impl<'a> From<Option<&'a str>> for KeyTypes<'a> {
    fn from(wanted: Option<&'a str>) -> Self {
        wanted.map_or(Self::Any, Self::One)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_wanted_by_its_whole_name() {
        let some = ["nexus".to_owned(), "api".to_owned()];
        assert!(KeyTypes::Any.hold("ges") && KeyTypes::from(None).hold("ges"));
        assert!(KeyTypes::OneOf(&some).hold("api") && KeyTypes::from(Some("api")).hold("api"));
        for none in [KeyTypes::OneOf(&some), KeyTypes::OneOf(&[]), KeyTypes::One("nexus")] {
            assert!(!none.hold("nexu") && !none.hold("") && !none.hold("ges"), "{none:?}");
        }
    }
}
