//! Roles to tick, in the forms of those that hold them: persons and clients.

use super::about;
use crate::{
    app::App,
    console::{Faults, Visitor},
    failure::Failure,
};
use domain::{id::Scope, right::Role};
use service::{Error, roles::ListRoles};

/// A role to tick.
pub(in super::super) struct Offered {
    pub(in super::super) name: String,
    pub(in super::super) words: String,
    pub(in super::super) given: bool,
}

/// The roles that this visitor may give in this place: those that allow no more than they hold.
pub(in super::super) fn offered(
    visitor: &Visitor,
    scope: Scope,
    roles: &[Role],
    given: &[String],
) -> Vec<Offered> {
    roles
        .iter()
        .filter(|role| visitor.caller.has(role.rights_in(scope)))
        .map(|role| Offered {
            words: about::in_words(role),
            given: given.contains(&role.name),
            name: role.name.clone(),
        })
        .collect()
}

/// Every role that somebody of this place can hold.
pub(in super::super) async fn all(
    app: &App,
    visitor: &Visitor,
    scope: Scope,
) -> Result<Vec<Role>, Failure> {
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let list = ListRoles { scope: Some(scope), limit: None, cursor };
        let page = app.service().list_roles(&visitor.caller, list).await?;
        all.extend(page.roles);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

/// What a use case refused: a role that gives more than its giver holds is said at the roles.
pub(in super::super) fn refused(error: Error, known: &[(&str, &str)]) -> Result<Faults, Failure> {
    match error {
        Error::NotAllowed { right: Some(right) } => {
            let text = format!(
                "One of these roles gives the right {right}, which you do not hold and cannot give."
            );
            Ok(Faults::one("roles", text))
        }
        error => Faults::of_error(error, known),
    }
}
