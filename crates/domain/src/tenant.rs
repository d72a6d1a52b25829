//! Tenants and environments.

use crate::{
    audit::{Fact, Facts},
    id::{EnvironmentId, TenantId},
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
    /// A disabled tenant's keys, tokens and persons are refused.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts the changes.
    pub version: u32,
}

/// An environment of the Environment Service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Environment {
    /// Its id.
    pub id: EnvironmentId,
    /// The name shown.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Tenant {
    /// What the audit log says of a tenant.
    #[must_use]
    pub fn facts(&self) -> Facts {
        vec![
            ("name", Fact::Text(self.name.clone())),
            ("domains", Fact::List(self.domains.clone())),
            ("environment", self.environment.map_or(Fact::Null, |e| Fact::Text(e.to_string()))),
            ("realm", self.realm.clone().map_or(Fact::Null, Fact::Text)),
            ("enabled", Fact::Bool(self.enabled)),
            ("version", Fact::Int(self.version.into())),
        ]
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
