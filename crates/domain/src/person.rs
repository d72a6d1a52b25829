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
    /// What else is known of them.
    pub profile: Profile,
    /// Who vouches for them, where Keyward itself does not: then they have no password here.
    pub outside: Option<OutsideIdentity>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts the changes.
    pub version: u32,
}

/// What a person is called besides their user name, and where they are reached.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Profile {
    /// The address; nothing is decided by it.
    pub email: Option<String>,
    /// The given name.
    pub given_name: Option<String>,
    /// The family name.
    pub family_name: Option<String>,
}

/// Somebody whom an issuer outside signs in: (issuer, `sub`), never an e-mail address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutsideIdentity {
    /// The issuer's `iss`.
    pub issuer: String,
    /// Its `sub` for the person.
    pub subject: String,
    /// Roles that its claims gave at the last sign-in, besides those that the person was given here.
    pub mapped_roles: Vec<String>,
}

impl Person {
    /// Every role that they hold: given here, or by the issuer's claims.
    #[must_use]
    pub fn all_roles(&self) -> Vec<String> {
        let mut all = self.roles.clone();
        for role in self.outside.iter().flat_map(|outside| &outside.mapped_roles) {
            if !all.contains(role) {
                all.push(role.clone());
            }
        }
        all
    }

    /// What the audit log says of a person.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let mut facts = vec![
            ("username", Fact::Text(self.username.clone())),
            ("tenant", Fact::Text(self.scope.to_string())),
            ("roles", Fact::List(self.roles.clone())),
            ("enabled", Fact::Bool(self.enabled)),
            ("mustChangePassword", Fact::Bool(self.must_change_password)),
        ];
        // Left out where earlier releases did not know it: their events must still say the same.
        let profile = [
            ("email", &self.profile.email),
            ("givenName", &self.profile.given_name),
            ("familyName", &self.profile.family_name),
        ];
        for (name, value) in profile {
            if let Some(text) = value {
                facts.push((name, Fact::Text(text.clone())));
            }
        }
        if let Some(outside) = &self.outside {
            facts.push(("issuer", Fact::Text(outside.issuer.clone())));
            facts.push(("subject", Fact::Text(outside.subject.clone())));
            facts.push(("mappedRoles", Fact::List(outside.mapped_roles.clone())));
        }
        facts.push(("version", Fact::Int(self.version.into())));
        facts
    }
}

/// Checks an address of electronic mail as far as anything here depends on it: one `@` with something on
/// either side, no white space, no control characters, 254 bytes at most.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let parts = text
        .split_once('@')
        .filter(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    parts.is_some()
        && text.len() <= 254
        && !text.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// Checks a given or family name: 1 to 255 characters, no control characters, no white space at either
/// end.
#[must_use]
pub fn is_part_of_name(text: &str) -> bool {
    (1..=255).contains(&text.chars().count())
        && text.trim().len() == text.len()
        && !text.chars().any(char::is_control)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_two_sides_and_no_space() {
        for good in ["vera@example.org", "v+1@localhost", "\u{e9}@\u{e9}.example"] {
            assert!(is_email(good), "{good}");
        }
        let long = format!("{}@example.org", "v".repeat(250));
        for bad in
            ["", "vera", "@example.org", "vera@", "a@b@c", "ve ra@example.org", "a@b\n", &long]
        {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
