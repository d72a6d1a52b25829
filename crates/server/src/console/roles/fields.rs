//! What a form says of a role.

use super::about::{self, Group};
use crate::console::{Faults, Form, Visitor};
use domain::{
    id::Scope,
    right::{Right, Rights, Role},
};

/// Where what a use case says of a member stands in the form.
pub(super) const KNOWN: &[(&str, &str)] =
    &[("name", "name"), ("role", "name"), ("rights", "rights")];

/// What the fields hold, as typed.
pub(super) struct Fields {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) groups: Vec<Group>,
}

impl Fields {
    /// What the form for a new one begins with.
    pub(super) fn of_new(visitor: &Visitor, scope: Scope) -> Self {
        let groups = about::groups(offered(visitor, scope), Rights::NONE);
        Self { name: String::new(), version: String::new(), groups }
    }

    /// What is there.
    pub(super) fn of(role: &Role, visitor: &Visitor, scope: Scope) -> Self {
        let groups = about::groups(offered(visitor, scope), role.rights);
        Self { name: role.name.clone(), version: role.version.to_string(), groups }
    }

    /// What was sent, and the rights that it names.
    pub(super) fn read(
        form: &Form,
        visitor: &Visitor,
        scope: Scope,
    ) -> (Self, Result<Rights, Faults>) {
        let named = form.all("rights");
        let rights: Option<Rights> = named.iter().map(|text| Right::parse(text)).collect();
        let groups = about::groups(offered(visitor, scope), rights.unwrap_or_default());
        let fields = Self {
            name: form.text("name").trim().to_owned(),
            version: form.text("version").to_owned(),
            groups,
        };
        (fields, rights.ok_or_else(|| Faults::one("rights", "There is no such right.")))
    }
}

/// The rights that this visitor may give in this place: nobody gives what they do not hold.
fn offered(visitor: &Visitor, scope: Scope) -> Rights {
    let held = visitor.caller.principal.rights();
    match scope {
        Scope::Cluster => held,
        Scope::Tenant(_) => held.of_a_tenant(),
    }
}

/// What a use case refused: a right that its giver lacks is said at the rights.
pub(super) fn refused(error: service::Error) -> Result<Faults, crate::failure::Failure> {
    match error {
        service::Error::NotAllowed { right: Some(right) } => {
            let text = format!("You do not hold the right {right}, and cannot give it.");
            Ok(Faults::one("rights", text))
        }
        error => Faults::of_error(error, KNOWN),
    }
}
