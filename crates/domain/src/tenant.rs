//! Tenants and environments.

use crate::{
    audit::{Fact, Facts},
    id::{EnvironmentId, TenantId},
    signing::Algorithm,
    time::Timestamp,
};

/// A tenant: the isolation boundary.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tenant {
    /// Its id; a contact-center id on Genesys wires.
    pub id: TenantId,
    /// The name shown.
    pub name: String,
    /// Domains: unique over all tenants, lower case, without a period. The first is its short name.
    pub domains: Vec<String>,
    /// The environment it belongs to.
    pub environment: Option<EnvironmentId>,
    /// The realm's name, unique; `None` until one is set.
    pub realm: Option<String>,
    /// What the Environment Service was told of its authentication (`configServer`).
    pub auth: String,
    /// What its new `api` keys begin with instead of `kw_`; unique, and never free again.
    pub key_prefix: Option<String>,
    /// A disabled tenant's keys, tokens and persons are refused.
    pub enabled: bool,
    /// What becomes of keys whose secrets nobody acknowledged.
    pub unacknowledged: Unacknowledged,
    /// Whether its new keys must say from where they are accepted, where their type lets them.
    pub allow_list_required: bool,
    /// How its realm signs tokens.
    pub signing_algorithm: Algorithm,
    /// From how many days before its end on a key's verdict says how many are left.
    pub warning_days: WarningDays,
    /// The gateway route that its checked calls of `OpenConnect` are handed to; `None`: they are
    /// answered here.
    pub openconnect_route: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts the changes.
    pub version: u32,
}

/// What the Environment Service is told of a tenant's authentication unless it says otherwise.
pub const DEFAULT_AUTH: &str = "configServer";

/// What becomes of a key, of a type whose secrets are shown once, while nobody has said that its
/// secret is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Unacknowledged {
    /// It serves.
    #[default]
    Live,
    /// It does not serve.
    Inactive,
    /// It serves for so many minutes.
    Lapse(u32),
}

/// The longest time after which such a key may lapse: a year.
pub const MAX_LAPSE_MINUTES: u32 = 525_600;

impl Unacknowledged {
    /// The minutes for which such a key serves; `None`: for as long as it lives.
    #[must_use]
    pub const fn minutes(self) -> Option<u32> {
        match self {
            Self::Live => None,
            Self::Inactive => Some(0),
            Self::Lapse(minutes) => Some(minutes),
        }
    }

    /// Reads what [`Self::minutes`] says.
    #[must_use]
    pub const fn from_minutes(minutes: Option<u32>) -> Self {
        match minutes {
            None => Self::Live,
            Some(0) => Self::Inactive,
            Some(minutes) => Self::Lapse(minutes),
        }
    }

    /// The policy's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Inactive => "inactive",
            Self::Lapse(_) => "lapse",
        }
    }
}

/// Days before its end at which a key is said to end: at most eight, each 1 to 365.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct WarningDays([u16; Self::MOST]);

impl Default for WarningDays {
    fn default() -> Self {
        Self([30, 14, 7, 1, 0, 0, 0, 0])
    }
}

impl WarningDays {
    /// How many there may be.
    pub const MOST: usize = 8;
    /// The largest.
    pub const LARGEST: u16 = 365;

    /// Sorts them. `None`: too many, one out of range, or one twice. None at all: nothing is ever said.
    #[must_use]
    pub fn new(days: &[u16]) -> Option<Self> {
        let mut own = [0; Self::MOST];
        for (to, day) in own.iter_mut().zip(days) {
            *to = *day;
        }
        let distinct =
            days.iter().enumerate().all(|(n, day)| !days.iter().take(n).any(|d| d == day));
        let good = days.len() <= Self::MOST && days.iter().all(|d| (1..=Self::LARGEST).contains(d));
        own.sort_unstable_by(|a, b| b.cmp(a));
        (good && distinct).then_some(Self(own))
    }

    /// All of them in two words, and back by [`Self::from_words`].
    #[must_use]
    pub fn words(&self) -> [u64; 2] {
        let Self([a, b, c, d, e, f, g, h]) = *self;
        let word =
            |days: [u16; 4]| days.into_iter().fold(0, |word, day| word << 16 | u64::from(day));
        [word([a, b, c, d]), word([e, f, g, h])]
    }

    /// What [`Self::words`] was made of.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "sixteen bits are taken out")]
    pub const fn from_words([high, low]: [u64; 2]) -> Self {
        const fn days(word: u64) -> [u16; 4] {
            [(word >> 48) as u16, (word >> 32) as u16, (word >> 16) as u16, word as u16]
        }
        let ([a, b, c, d], [e, f, g, h]) = (days(high), days(low));
        Self([a, b, c, d, e, f, g, h])
    }

    /// The largest first.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        self.0.iter().copied().filter(|day| *day > 0)
    }

    /// The last one that was reached with so many days left; `None`: there is more time.
    #[must_use]
    pub fn reached(&self, days_left: i64) -> Option<u16> {
        self.iter().filter(|day| days_left <= i64::from(*day)).last()
    }
}

/// An environment of the Environment Service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Environment {
    /// Its id.
    pub id: EnvironmentId,
    /// The name shown.
    pub name: String,
    /// What the Environment Service was told of it, as its wire shows it; `None`: nothing.
    pub details: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Environment {
    /// What the audit log says of an environment. It never changes.
    #[must_use]
    pub fn facts(&self) -> Facts {
        vec![
            ("name", Fact::Text(self.name.clone())),
            ("details", self.details.clone().map_or(Fact::Null, Fact::Text)),
            ("version", Fact::Int(1)),
        ]
    }
}

impl Tenant {
    /// What the audit log says of a tenant. What has its default is left out where earlier releases did
    /// not know it: their events must still say the same.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let mut facts = vec![
            ("name", Fact::Text(self.name.clone())),
            ("domains", Fact::List(self.domains.clone())),
            ("environment", self.environment.map_or(Fact::Null, |e| Fact::Text(e.to_string()))),
            ("realm", self.realm.clone().map_or(Fact::Null, Fact::Text)),
            ("enabled", Fact::Bool(self.enabled)),
        ];
        if let Some(prefix) = &self.key_prefix {
            facts.push(("keyPrefix", Fact::Text(prefix.clone())));
        }
        if self.auth != DEFAULT_AUTH {
            facts.push(("auth", Fact::Text(self.auth.clone())));
        }
        if let Some(minutes) = self.unacknowledged.minutes() {
            let policy = self.unacknowledged.as_str();
            facts.push(("unacknowledged", Fact::Text(policy.to_owned())));
            facts.push(("lapseMinutes", Fact::Int(minutes.into())));
        }
        if self.allow_list_required {
            facts.push(("allowListRequired", Fact::Bool(true)));
        }
        if self.signing_algorithm != Algorithm::default() {
            let algorithm = self.signing_algorithm.as_str();
            facts.push(("signingAlgorithm", Fact::Text(algorithm.to_owned())));
        }
        if self.warning_days != WarningDays::default() {
            let days = self.warning_days.iter().map(|day| day.to_string()).collect();
            facts.push(("warningDays", Fact::List(days)));
        }
        if let Some(route) = &self.openconnect_route {
            facts.push(("openconnectRoute", Fact::Text(route.clone())));
        }
        facts.push(("version", Fact::Int(self.version.into())));
        facts
    }
}

/// Checks a domain and folds it to lower case: 1 to 63 of letters, digits, `-` and `_`, no period.
#[must_use]
pub fn fold_domain(text: &str) -> Option<String> {
    let good = (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    good.then(|| text.to_ascii_lowercase())
}

/// Checks a realm's name: 1 to 63 lower-case letters, digits, `-` and `_`.
#[must_use]
pub fn is_realm_name(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::WarningDays;

    #[test]
    fn the_last_warning_day_that_was_reached_is_named() {
        let days = WarningDays::new(&[1, 30, 7]).unwrap();
        assert_eq!(days.iter().collect::<Vec<_>>(), [30, 7, 1]);
        let reached: Vec<_> = [31, 30, 8, 7, 2, 1, 0].map(|left| days.reached(left)).into();
        assert_eq!(reached, [None, Some(30), Some(30), Some(7), Some(7), Some(1), Some(1)]);
        assert_eq!(WarningDays::new(&[]).unwrap().reached(0), None);
        for days in [&[][..], &[365], &[1, 2, 3, 4, 5, 6, 7, 365]] {
            let days = WarningDays::new(days).unwrap();
            assert_eq!(WarningDays::from_words(days.words()), days);
        }
    }

    #[test]
    fn days_that_cannot_be_are_refused() {
        for bad in [&[0][..], &[366], &[7, 7], &[1, 2, 3, 4, 5, 6, 7, 8, 9]] {
            assert_eq!(WarningDays::new(bad), None, "{bad:?}");
        }
        assert!(WarningDays::new(&[1, 2, 3, 4, 5, 6, 7, 365]).is_some());
    }
}
