//! Rights: what a person or a client may do in Keyward. A key carries none.

use std::fmt;

macro_rules! rights {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// One right; its text is `<Family>.ApiKeys.<can…>` or `<Things>.<can…>`.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "the text of each right says it")]
        pub enum Right { $($name),+ }

        impl Right {
            /// Every right, in the order of their definition.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The text of the right, as roles and documents write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

rights! {
    NexusView = "Nexus.ApiKeys.canView",
    NexusRead = "Nexus.ApiKeys.canRead",
    NexusCreate = "Nexus.ApiKeys.canCreate",
    NexusUpdate = "Nexus.ApiKeys.canUpdate",
    NexusDelete = "Nexus.ApiKeys.canDelete",
    NexusReveal = "Nexus.ApiKeys.canReveal",
    CallbackView = "Callback.ApiKeys.canView",
    CallbackRead = "Callback.ApiKeys.canRead",
    CallbackCreate = "Callback.ApiKeys.canCreate",
    CallbackUpdate = "Callback.ApiKeys.canUpdate",
    CallbackDelete = "Callback.ApiKeys.canDelete",
    CallbackReveal = "Callback.ApiKeys.canReveal",
    ExperienceView = "ExperienceCloud.ApiKeys.canView",
    ExperienceRead = "ExperienceCloud.ApiKeys.canRead",
    ExperienceCreate = "ExperienceCloud.ApiKeys.canCreate",
    ExperienceUpdate = "ExperienceCloud.ApiKeys.canUpdate",
    ExperienceDelete = "ExperienceCloud.ApiKeys.canDelete",
    ExperienceReveal = "ExperienceCloud.ApiKeys.canReveal",
    NativeView = "Native.ApiKeys.canView",
    NativeRead = "Native.ApiKeys.canRead",
    NativeCreate = "Native.ApiKeys.canCreate",
    NativeUpdate = "Native.ApiKeys.canUpdate",
    NativeDelete = "Native.ApiKeys.canDelete",
    NativeReveal = "Native.ApiKeys.canReveal",
    PersonalKeysUse = "PersonalKeys.canUse",
    KeysVerify = "Keys.canVerify",
    AuditRead = "Audit.canRead",
    TenantsManage = "Tenants.canManage",
    PersonsManage = "Persons.canManage",
    ClientsManage = "Clients.canManage",
    KeyTypesManage = "KeyTypes.canManage",
    GatewayManage = "Gateway.canManage",
}

impl Right {
    /// Reads the text of a right.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.as_str() == text)
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

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

/// A set of rights.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights(u64);

impl Rights {
    /// No right at all.
    pub const NONE: Self = Self(0);

    /// Every right.
    #[must_use]
    pub fn all() -> Self {
        Right::ALL.iter().copied().collect()
    }

    /// The set as bits, for atomics.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The set from its bits; unknown bits are dropped.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        Self(bits & Self::all().0)
    }

    /// Whether `right` is in the set.
    #[must_use]
    pub const fn has(self, right: Right) -> bool {
        self.0 & (1 << right as u8) != 0
    }

    /// Whether every right of `other` is in the set.
    #[must_use]
    pub const fn has_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The rights in the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Right> {
        Right::ALL.iter().copied().filter(move |r| self.has(*r))
    }
}

impl FromIterator<Right> for Rights {
    fn from_iter<I: IntoIterator<Item = Right>>(rights: I) -> Self {
        Self(rights.into_iter().fold(0, |bits, r| bits | 1 << r as u8))
    }
}

impl fmt::Debug for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Right::as_str)).finish()
    }
}

/// A role bundles rights under a name; persons and clients hold roles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Role {
    /// `[a-z0-9_]+`, unique in its scope; a seeded name cannot be taken by a tenant.
    pub name: String,
    /// `Cluster` for the seeded roles; a tenant for its own.
    pub scope: crate::id::Scope,
    /// Whether only cluster persons and clients may hold it.
    pub cluster_only: bool,
    /// What it allows.
    pub rights: Rights,
}

/// The roles every installation has. `nx1_…` roles also become permissions of personal keys.
#[must_use]
pub fn seeded_roles() -> Vec<Role> {
    use Right as R;
    let see = [
        R::NexusView,
        R::NexusRead,
        R::CallbackView,
        R::CallbackRead,
        R::ExperienceView,
        R::ExperienceRead,
        R::NativeView,
        R::NativeRead,
        R::AuditRead,
    ];
    let service = [
        R::CallbackView,
        R::CallbackRead,
        R::CallbackCreate,
        R::CallbackUpdate,
        R::CallbackDelete,
        R::CallbackReveal,
        R::NexusView,
        R::NexusRead,
        R::NexusCreate,
        R::NexusUpdate,
        R::NexusDelete,
        R::NexusReveal,
        R::KeysVerify,
    ];
    let role = |name: &str, cluster_only: bool, rights: Rights| Role {
        name: name.to_owned(),
        scope: crate::id::Scope::Cluster,
        cluster_only,
        rights,
    };
    let mut roles = vec![
        role("ops", true, Rights::all()),
        role("admin", false, Rights::all()),
        role("viewer", false, see.into_iter().collect()),
        role("service", false, service.into_iter().collect()),
    ];
    let personal: Rights = [R::PersonalKeysUse].into_iter().collect();
    for name in [
        "nx1_app_manager",
        "nx1_ask",
        "nx1_engineer",
        "nx1_ingest",
        "nx1_monitor",
        "nx1_monitor_admin",
    ] {
        roles.push(role(name, false, personal));
    }
    roles
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

    #[test]
    fn every_right_reads_back() {
        for right in Right::ALL {
            assert_eq!(Right::parse(right.as_str()), Some(*right));
        }
        assert_eq!(Rights::all().iter().count(), Right::ALL.len());
    }

    #[test]
    fn the_viewer_reveals_nothing() {
        let viewer = seeded_roles().into_iter().find(|r| r.name == "viewer").unwrap().rights;
        assert!(!viewer.iter().any(|r| r.as_str().ends_with("canReveal")));
    }
}
