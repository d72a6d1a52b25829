//! What a tenant says of how long its keys live, and of how many there may be.

use crate::{
    audit::{Fact, Facts},
    id::Scope,
    key_type::KeyType,
    time::Timestamp,
};

/// The name that stands for every type without a policy of its own.
pub const EVERY_TYPE: &str = "*";
/// The longest life, or time without use, that a policy may name: 100 years.
pub const MAX_DAYS: u32 = 36_500;
/// The most keys that a policy may name.
pub const MAX_KEYS: u32 = 1_000_000;

const DAY_S: i64 = 86_400;

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
    /// What the audit log calls it.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.scope, self.key_type)
    }

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

    /// Checks that each number is in its range, and that keys of the type have what is said of them.
    /// `of_type`: the type that it governs alone; `None`: it is for every type without one of its own.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, of_type: Option<&KeyType>) -> Result<(), BadPolicy> {
        let days = |n: Option<u32>| n.is_none_or(|n| (1..=MAX_DAYS).contains(&n));
        let keys = |n: Option<u32>| n.is_none_or(|n| (1..=MAX_KEYS).contains(&n));
        let good = [
            ("defaultLifeDays", days(self.default_life_days)),
            ("longestLifeDays", days(self.longest_life_days)),
            ("mostKeys", keys(self.most_keys)),
            ("mostKeysPerPerson", keys(self.most_keys_per_person)),
            ("mostNewPerMinute", keys(self.most_new_per_minute)),
            ("unusedDays", days(self.unused_days)),
        ];
        if let Some((field, _)) = good.into_iter().find(|(_, good)| !good) {
            return Err(BadPolicy::Range(field));
        }
        let longest = self.longest_life_days.unwrap_or(MAX_DAYS);
        if self.default_life_days.is_some_and(|days| days > longest) {
            return Err(BadPolicy::DefaultAboveLongest);
        }
        let Some(of_type) = of_type else { return Ok(()) };
        let endless = !of_type.settings.expiry;
        let silent = !of_type.settings.description;
        let absent = [
            ("defaultLifeDays", self.default_life_days.is_some() && endless),
            ("longestLifeDays", self.longest_life_days.is_some() && endless),
            ("descriptionRequired", self.description_required && silent),
        ];
        match absent.into_iter().find(|(_, absent)| *absent) {
            Some((field, _)) => Err(BadPolicy::NotOfType(field)),
            None => Ok(()),
        }
    }

    /// The end of a key that is made at `at` and whose creator named `wanted`.
    ///
    /// # Errors
    /// It would live longer than it may: the latest end that it may have.
    pub fn end_of_new(
        &self,
        of_type: &KeyType,
        wanted: Option<Timestamp>,
        at: Timestamp,
    ) -> Result<Option<Timestamp>, Timestamp> {
        if !of_type.settings.expiry {
            return Ok(wanted);
        }
        let usual = self.default_life_days.or(self.longest_life_days);
        let end = wanted.or_else(|| usual.map(|days| after_days(at, days)));
        self.check_end(of_type, end, at).map(|()| end)
    }

    /// Whether a key may be given this end at `at`; `None`: that it never ends.
    ///
    /// # Errors
    /// The latest end that it may have.
    pub fn check_end(
        &self,
        of_type: &KeyType,
        end: Option<Timestamp>,
        at: Timestamp,
    ) -> Result<(), Timestamp> {
        match self.latest_end(of_type, at) {
            Some(latest) if end.is_none_or(|end| end > latest) => Err(latest),
            _ => Ok(()),
        }
    }

    /// The latest end that may be given at `at`; `None`: any, and none at all.
    #[must_use]
    pub fn latest_end(&self, of_type: &KeyType, at: Timestamp) -> Option<Timestamp> {
        let longest = self.longest_life_days.filter(|_| of_type.settings.expiry)?;
        Some(after_days(at, longest))
    }

    /// Whether a key with this description says too little. Keys of types whose description is no
    /// setting need none: their own wires have no place for it.
    #[must_use]
    pub fn lacks_description(&self, of_type: &KeyType, description: Option<&str>) -> bool {
        let says_nothing = description.is_none_or(|text| text.trim().is_empty());
        self.description_required && of_type.settings.description && says_nothing
    }

    /// Whoever did nothing since then is unused for too long; `None`: nobody ever is.
    #[must_use]
    pub fn unused_since(&self, at: Timestamp) -> Option<Timestamp> {
        self.unused_days.map(|days| at.plus_seconds(-i64::from(days) * DAY_S))
    }

    /// What of two policies is stricter, member by member; the first one's name and version.
    #[must_use]
    pub fn tightened(&self, other: &Self) -> Self {
        let less = |a: Option<u32>, b: Option<u32>| [a, b].into_iter().flatten().min();
        let longest_life_days = less(self.longest_life_days, other.longest_life_days);
        let usual = less(self.default_life_days, other.default_life_days);
        Self {
            default_life_days: usual.map(|days| days.min(longest_life_days.unwrap_or(MAX_DAYS))),
            longest_life_days,
            description_required: self.description_required || other.description_required,
            most_keys: less(self.most_keys, other.most_keys),
            most_keys_per_person: less(self.most_keys_per_person, other.most_keys_per_person),
            most_new_per_minute: less(self.most_new_per_minute, other.most_new_per_minute),
            unused_days: less(self.unused_days, other.unused_days),
            ..self.clone()
        }
    }
}

/// Why a policy cannot be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadPolicy {
    /// This number is out of range.
    Range(&'static str),
    /// Keys would end later than they may.
    DefaultAboveLongest,
    /// Keys of the type have nothing that this could govern.
    NotOfType(&'static str),
}

fn after_days(at: Timestamp, days: u32) -> Timestamp {
    at.plus_seconds(i64::from(days) * DAY_S)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key_type::seeded;

    const NOW: Timestamp = Timestamp::from_millis(1_772_366_400_000);

    fn of_type(name: &str) -> KeyType {
        seeded().into_iter().find(|t| t.name == name).unwrap()
    }

    fn policy() -> KeyPolicy {
        KeyPolicy {
            scope: Scope::Cluster,
            key_type: EVERY_TYPE.to_owned(),
            default_life_days: None,
            longest_life_days: None,
            description_required: false,
            most_keys: None,
            most_keys_per_person: None,
            most_new_per_minute: None,
            unused_days: None,
            created_at: NOW,
            version: 1,
        }
    }

    #[test]
    fn a_key_ends_when_its_creator_or_its_policy_says() {
        let (api, psk) = (of_type("api"), of_type("psk"));
        let day = |n| after_days(NOW, n);
        let usual = KeyPolicy { default_life_days: Some(30), ..policy() };
        assert_eq!(usual.end_of_new(&api, None, NOW), Ok(Some(day(30))));
        assert_eq!(usual.end_of_new(&api, Some(day(900)), NOW), Ok(Some(day(900))));
        assert_eq!(usual.end_of_new(&psk, None, NOW), Ok(None), "keys of its type never end");
        let both = KeyPolicy { longest_life_days: Some(90), ..usual };
        assert_eq!(both.end_of_new(&api, None, NOW), Ok(Some(day(30))));
        assert_eq!(both.end_of_new(&api, Some(day(90)), NOW), Ok(Some(day(90))));
        assert_eq!(both.end_of_new(&api, Some(day(90).plus_millis(1)), NOW), Err(day(90)));
        assert_eq!(both.end_of_new(&psk, None, NOW), Ok(None));
        let longest = KeyPolicy { longest_life_days: Some(90), ..policy() };
        assert_eq!(longest.end_of_new(&api, None, NOW), Ok(Some(day(90))));
        assert_eq!(longest.check_end(&api, None, NOW), Err(day(90)));
        assert_eq!(policy().end_of_new(&api, None, NOW), Ok(None));
    }

    #[test]
    fn a_policy_says_nothing_of_what_keys_of_the_type_do_not_have() {
        let said = |change: fn(&mut KeyPolicy), name: &str| {
            let mut policy = policy();
            change(&mut policy);
            policy.check((name != EVERY_TYPE).then(|| of_type(name)).as_ref())
        };
        let life: fn(&mut KeyPolicy) = |p| p.longest_life_days = Some(90);
        let description: fn(&mut KeyPolicy) = |p| p.description_required = true;
        for name in ["api", "nexus", "data-psk", EVERY_TYPE] {
            assert_eq!(said(life, name), Ok(()), "{name}");
        }
        for name in ["psk", "ges", "client", "deployment"] {
            assert_eq!(said(life, name), Err(BadPolicy::NotOfType("longestLifeDays")), "{name}");
        }
        for name in ["nexus", "ges"] {
            let bad = Err(BadPolicy::NotOfType("descriptionRequired"));
            assert_eq!(said(description, name), bad, "{name}");
        }
        for name in ["api", "psk", "telephony", EVERY_TYPE] {
            assert_eq!(said(description, name), Ok(()), "{name}");
        }
        assert_eq!(said(|p| p.most_keys = Some(0), "api"), Err(BadPolicy::Range("mostKeys")));
        let too_long: fn(&mut KeyPolicy) = |p| p.unused_days = Some(MAX_DAYS + 1);
        assert_eq!(said(too_long, "api"), Err(BadPolicy::Range("unusedDays")));
        let crossed: fn(&mut KeyPolicy) = |p| {
            p.default_life_days = Some(91);
            p.longest_life_days = Some(90);
        };
        assert_eq!(said(crossed, "api"), Err(BadPolicy::DefaultAboveLongest));
    }

    #[test]
    fn a_description_of_spaces_says_nothing() {
        let wants = KeyPolicy { description_required: true, ..policy() };
        for (name, text, lacks) in [
            ("api", None, true),
            ("api", Some(" \n"), true),
            ("api", Some("orders"), false),
            ("nexus", None, false),
        ] {
            assert_eq!(wants.lacks_description(&of_type(name), text), lacks, "{name} {text:?}");
        }
    }

    #[test]
    fn of_two_policies_the_stricter_members_count() {
        let one = KeyPolicy { default_life_days: Some(60), most_keys: Some(5), ..policy() };
        let other = KeyPolicy { longest_life_days: Some(30), most_keys: Some(9), ..policy() };
        let both = one.tightened(&other);
        assert_eq!(
            (both.default_life_days, both.longest_life_days, both.most_keys),
            (Some(30), Some(30), Some(5))
        );
        assert_eq!(both.check(None), Ok(()));
    }
}
