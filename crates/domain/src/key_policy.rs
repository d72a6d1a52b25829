//! What a tenant says of how long its keys live, and of how many there may be.

use crate::{
    audit::{Fact, Facts},
    id::Scope,
    time::Timestamp,
};

/// The name that stands for every type without a policy of its own.
pub const EVERY_TYPE: &str = "*";
/// The longest life, or time without use, that a policy may name: 100 years.
pub const MAX_DAYS: u32 = 36_500;

/// A policy of one tenant, or of the cluster for its own keys, for one key type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyPolicy {
    /// Whose keys it governs.
    pub scope: Scope,
    /// The name of their type, or [`EVERY_TYPE`].
    pub key_type: String,
    /// Days that a key lives whose creator named no end, 1 to [`MAX_DAYS`]; `None`: for ever.
    pub default_life_days: Option<u32>,
    /// Days, from its creation or from a change of its end, after which a key must have ended.
    pub longest_life_days: Option<u32>,
    /// Whether a key must say what it is for.
    pub description_required: bool,
    /// The most keys that are neither deleted nor revoked nor expired.
    pub most_keys: Option<u32>,
    /// The most such keys of one person: those that the person owns or made.
    pub most_keys_per_person: Option<u32>,
    /// The most keys that are made within a minute.
    pub most_new_per_minute: Option<u32>,
    /// Days without use after which a key is held back.
    pub unused_days: Option<u32>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts the changes.
    pub version: u32,
}

impl KeyPolicy {
    /// What the audit log says of it.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let number = |n: Option<u32>| n.map_or(Fact::Null, |n| Fact::Int(n.into()));
        vec![
            ("keyType", Fact::Text(self.key_type.clone())),
            ("defaultLifeDays", number(self.default_life_days)),
            ("longestLifeDays", number(self.longest_life_days)),
            ("descriptionRequired", Fact::Bool(self.description_required)),
            ("mostKeys", number(self.most_keys)),
            ("mostKeysPerPerson", number(self.most_keys_per_person)),
            ("mostNewPerMinute", number(self.most_new_per_minute)),
            ("unusedDays", number(self.unused_days)),
            ("version", Fact::Int(self.version.into())),
        ]
    }
}
