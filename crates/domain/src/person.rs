//! Persons: human accounts of one tenant, or of the cluster.

use crate::{
    audit::{Fact, Facts},
    id::{PersonId, Scope},
    time::Timestamp,
};

/// A person. The password is not part of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// The tenant, or the cluster.
    pub scope: Scope,
    /// The user name, unique in its scope regardless of case.
    pub username: String,
    /// Names of the roles held.
    pub roles: Vec<String>,
    /// A disabled person signs in nowhere and their tokens and personal keys are refused.
    pub enabled: bool,
    /// Whether the console insists on a new password at the next sign-in.
    pub must_change_password: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts the changes.
    pub version: u32,
}

impl Person {
    /// What the audit log says of a person.
    #[must_use]
    pub fn facts(&self) -> Facts {
        vec![
            ("username", Fact::Text(self.username.clone())),
            ("tenant", Fact::Text(self.scope.to_string())),
            ("roles", Fact::List(self.roles.clone())),
            ("enabled", Fact::Bool(self.enabled)),
            ("mustChangePassword", Fact::Bool(self.must_change_password)),
            ("version", Fact::Int(self.version.into())),
        ]
    }
}

/// Checks a user name: 1 to 255 characters, no control characters, no backslash (it separates the
/// tenant part on the wire), no white space at either end.
#[must_use]
pub fn is_username(text: &str) -> bool {
    let chars = text.chars().count();
    (1..=255).contains(&chars)
        && text.trim().len() == text.len()
        && !text.chars().any(|c| c.is_control() || c == '\\')
}

/// The form in which user names are compared.
#[must_use]
pub fn fold_username(text: &str) -> String {
    text.to_lowercase()
}
