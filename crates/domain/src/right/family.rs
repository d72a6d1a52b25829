//! Families of key types, and which rights a deed on their keys needs.

use super::{Right, Rights};

/// A family of key types: who may do what to its keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// Digital Channels keys.
    Nexus,
    /// Callback keys.
    Callback,
    /// Experience Cloud keys.
    ExperienceCloud,
    /// `api`, `deployment` and custom types.
    Native,
    /// Personal pre-shared keys: the owner's own affair, and that of who manages persons.
    Personal,
}

/// What is done to a key, as far as rights tell it apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// See it in a list or alone (needs both `canView` and `canRead`).
    See,
    /// Make one.
    Create,
    /// Change its settings, rotate or revoke it.
    Update,
    /// End it for good.
    Delete,
    /// Get a recoverable secret back.
    Reveal,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Nexus, Self::Callback, Self::ExperienceCloud, Self::Native, Self::Personal];

    /// The rights that `deed` needs, all of them.
    #[must_use]
    pub const fn rights_for(self, deed: Deed) -> Rights {
        let base = match self {
            Self::Nexus => 0,
            Self::Callback => 6,
            Self::ExperienceCloud => 12,
            Self::Native => 18,
            Self::Personal => return Rights(1 << (Right::PersonsManage as u8)),
        };
        Rights(match deed {
            Deed::See => 0b11 << base,
            Deed::Create => 0b100 << base,
            Deed::Update => 0b1000 << base,
            Deed::Delete => 0b1_0000 << base,
            Deed::Reveal => 0b10_0000 << base,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_name_their_own_rights() {
        let text = |f: Family, d| f.rights_for(d).iter().map(Right::as_str).collect::<Vec<_>>();
        assert_eq!(
            text(Family::Nexus, Deed::See),
            ["Nexus.ApiKeys.canView", "Nexus.ApiKeys.canRead"]
        );
        assert_eq!(text(Family::Callback, Deed::Create), ["Callback.ApiKeys.canCreate"]);
        assert_eq!(
            text(Family::ExperienceCloud, Deed::Update),
            ["ExperienceCloud.ApiKeys.canUpdate"]
        );
        assert_eq!(text(Family::Native, Deed::Delete), ["Native.ApiKeys.canDelete"]);
        assert_eq!(text(Family::Nexus, Deed::Reveal), ["Nexus.ApiKeys.canReveal"]);
        assert_eq!(text(Family::Personal, Deed::Create), ["Persons.canManage"]);
    }
}
