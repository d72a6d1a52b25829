//! What a form says of a person.

use crate::console::{
    Form, Visitor,
    places::optional,
    roles::offered::{Offered, offered},
};
use domain::{
    id::Scope,
    person::{Person, Profile},
    right::Role,
};
use service::persons::{UpdatePerson, UpdateProfile};

/// Where what a use case says of a member stands in the form.
pub(super) const KNOWN: &[(&str, &str)] = &[
    ("username", "username"),
    ("roles", "roles"),
    ("password", "password"),
    ("email", "email"),
    ("givenName", "givenName"),
    ("familyName", "familyName"),
];

/// What the fields hold, as typed. No password is among them: it is typed anew each time.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) username: String,
    pub(super) email: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) enabled: bool,
    pub(super) must_change: bool,
    pub(super) version: String,
    pub(super) roles: Vec<Offered>,
}

impl Fields {
    /// What the form for a new one begins with.
    pub(super) fn of_new(visitor: &Visitor, scope: Scope, roles: &[Role]) -> Self {
        let roles = offered(visitor, scope, roles, &[]);
        Self { enabled: true, must_change: true, roles, ..Self::default() }
    }

    /// What is there.
    pub(super) fn of(person: &Person, visitor: &Visitor, roles: &[Role]) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            username: person.username.clone(),
            email: text(&person.profile.email),
            given_name: text(&person.profile.given_name),
            family_name: text(&person.profile.family_name),
            enabled: person.enabled,
            must_change: person.must_change_password,
            version: person.version.to_string(),
            roles: offered(visitor, person.scope, roles, &person.roles),
        }
    }

    /// What was sent, and the names of the roles.
    pub(super) fn read(
        form: &Form,
        visitor: &Visitor,
        scope: Scope,
        roles: &[Role],
    ) -> (Self, Vec<String>) {
        let text = |name: &str| form.text(name).to_owned();
        let named = form.all("roles");
        let fields = Self {
            username: text("username"),
            email: text("email"),
            given_name: text("givenName"),
            family_name: text("familyName"),
            enabled: form.is_on("enabled"),
            must_change: form.is_on("mustChangePassword"),
            version: text("version"),
            roles: offered(visitor, scope, roles, &named),
        };
        (fields, named)
    }

    /// What else is known of them.
    pub(super) fn profile(&self) -> Profile {
        Profile {
            email: optional(&self.email),
            given_name: optional(&self.given_name),
            family_name: optional(&self.family_name),
        }
    }

    /// The change, with these roles.
    pub(super) fn update(&self, roles: Vec<String>) -> UpdatePerson {
        let Profile { email, given_name, family_name } = self.profile();
        UpdatePerson {
            roles: Some(roles),
            enabled: None,
            must_change_password: Some(self.must_change),
            profile: UpdateProfile {
                email: Some(email),
                given_name: Some(given_name),
                family_name: Some(family_name),
            },
            if_version: self.version.parse().ok(),
        }
    }
}
