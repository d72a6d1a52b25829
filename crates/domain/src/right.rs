//! Rights: what a person or a client may do in Keyward. A key carries none.

mod family;
mod role;

pub use family::{Deed, Family};
pub use role::{Role, is_role_name, seeded_roles};

use std::fmt;

macro_rules! rights {
    ($($name:ident = $text:literal, $meaning:literal);+ $(;)?) => {
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

            /// What it lets its holder do, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning),+ }
            }
        }
    };
}

rights! {
    NexusView = "Nexus.ApiKeys.canView",
        "See Digital Channels keys in lists";
    NexusRead = "Nexus.ApiKeys.canRead",
        "Read the settings of Digital Channels keys";
    NexusCreate = "Nexus.ApiKeys.canCreate",
        "Make Digital Channels keys";
    NexusUpdate = "Nexus.ApiKeys.canUpdate",
        "Change, rotate and revoke Digital Channels keys";
    NexusDelete = "Nexus.ApiKeys.canDelete",
        "Delete Digital Channels keys";
    NexusReveal = "Nexus.ApiKeys.canReveal",
        "Get the secret of Digital Channels keys back, where the type keeps it";
    CallbackView = "Callback.ApiKeys.canView",
        "See Callback keys in lists";
    CallbackRead = "Callback.ApiKeys.canRead",
        "Read the settings of Callback keys";
    CallbackCreate = "Callback.ApiKeys.canCreate",
        "Make Callback keys";
    CallbackUpdate = "Callback.ApiKeys.canUpdate",
        "Change, rotate and revoke Callback keys";
    CallbackDelete = "Callback.ApiKeys.canDelete",
        "Delete Callback keys";
    CallbackReveal = "Callback.ApiKeys.canReveal",
        "Get the secret of Callback keys back, where the type keeps it";
    ExperienceView = "ExperienceCloud.ApiKeys.canView",
        "See Experience Cloud keys in lists";
    ExperienceRead = "ExperienceCloud.ApiKeys.canRead",
        "Read the settings of Experience Cloud keys";
    ExperienceCreate = "ExperienceCloud.ApiKeys.canCreate",
        "Make Experience Cloud keys";
    ExperienceUpdate = "ExperienceCloud.ApiKeys.canUpdate",
        "Change, rotate and revoke Experience Cloud keys";
    ExperienceDelete = "ExperienceCloud.ApiKeys.canDelete",
        "Delete Experience Cloud keys";
    ExperienceReveal = "ExperienceCloud.ApiKeys.canReveal",
        "Get the secret of Experience Cloud keys back, where the type keeps it";
    NativeView = "Native.ApiKeys.canView",
        "See keys of the type `api`, `deployment` or one of the tenant's own in lists";
    NativeRead = "Native.ApiKeys.canRead",
        "Read the settings of keys of the type `api`, `deployment` or one of the tenant's own";
    NativeCreate = "Native.ApiKeys.canCreate",
        "Make keys of the type `api`, `deployment` or one of the tenant's own";
    NativeUpdate = "Native.ApiKeys.canUpdate",
        "Change, rotate and revoke keys of the type `api`, `deployment` or one of the tenant's own";
    NativeDelete = "Native.ApiKeys.canDelete",
        "Delete keys of the type `api`, `deployment` or one of the tenant's own";
    NativeReveal = "Native.ApiKeys.canReveal",
        "Get the secret of keys of the type `api`, `deployment` or one of the tenant's own back, where the type keeps it";
    PersonalKeysUse = "PersonalKeys.canUse",
        "Have a personal key of one's own";
    KeysVerify = "Keys.canVerify",
        "Ask whether keys are valid";
    AuditRead = "Audit.canRead",
        "Read the audit log";
    TenantsManage = "Tenants.canManage",
        "See and change the tenant; at the cluster, make and delete tenants, too";
    PersonsManage = "Persons.canManage",
        "Manage persons, their passwords, their personal keys, and roles";
    ClientsManage = "Clients.canManage",
        "Manage OAuth clients and their secrets";
    KeyTypesManage = "KeyTypes.canManage",
        "Make and change key types";
    GatewayManage = "Gateway.canManage",
        "Change what the gateway of the installation does";
}

impl Right {
    /// Reads the text of a right.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.as_str() == text)
    }

    /// Whether the right is over the installation itself: nobody of a tenant has it, by any role.
    #[must_use]
    pub const fn is_cluster_only(self) -> bool {
        matches!(self, Self::GatewayManage)
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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

    /// The set without what is of the cluster alone.
    #[must_use]
    pub fn of_a_tenant(self) -> Self {
        self.iter().filter(|right| !right.is_cluster_only()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_reads_back() {
        for right in Right::ALL {
            assert_eq!(Right::parse(right.as_str()), Some(*right));
        }
        assert_eq!(Rights::all().iter().count(), Right::ALL.len());
    }

    #[test]
    fn every_right_says_what_it_means() {
        let mut meanings: Vec<&str> = Right::ALL.iter().map(|r| r.meaning()).collect();
        meanings.sort_unstable();
        meanings.dedup();
        assert_eq!(meanings.len(), Right::ALL.len());
    }
}
