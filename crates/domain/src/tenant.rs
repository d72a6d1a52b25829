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
