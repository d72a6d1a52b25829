//! Pages of persons, in the order of their folded names.

use super::read;
use crate::{Error, Read, Tx, like};
use domain::{
    id::{PersonId, Scope},
    person::{Person, fold_username},
};

/// Which persons. What is `None` does not narrow the list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PersonFilter {
    /// A part of the user name, in any case.
    pub search: Option<String>,
    /// The name of a role that they hold.
    pub role: Option<String>,
    /// The switch.
    pub enabled: Option<bool>,
    /// The position to go on from.
    pub after: Option<Position>,
    /// How many at most.
    pub limit: u32,
}

/// How far a list was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Position {
    /// The last person's folded name.
    pub folded: String,
    /// Its id: two tenants may have a person of one name.
    pub id: PersonId,
}

impl Position {
    /// Where a list goes on behind this person.
    #[must_use]
    pub fn of(person: &Person) -> Self {
        Self { folded: fold_username(&person.username), id: person.id }
    }
}

/// A page of persons of a scope; `None`: of every scope.
///
/// # Errors
/// The database fails.
pub fn list(
    r: &mut Read,
    scope: Option<Scope>,
    filter: &PersonFilter,
) -> Result<Vec<Person>, Error> {
    let pattern = |text: &Option<String>, form: fn(&str) -> String| match text {
        Some(text) => form(text),
        None => String::new(),
    };
    let search = filter.search.as_deref().map(fold_username);
    let (folded, id) = match &filter.after {
        Some(position) => (position.folded.clone(), position.id.to_string()),
        None => (String::new(), String::new()),
    };
    r.query(
        select!(
            "(folded, id) > ($1, $2) AND ($3 = '' OR scope = $3)
             AND ($4 = '' OR folded LIKE $4 ESCAPE '!') AND ($5 = '' OR roles LIKE $5 ESCAPE '!')
             AND enabled IN ($6, $7) AND NOT deleted
             ORDER BY folded, id LIMIT $8"
        ),
        &[
            folded.into(),
            id.into(),
            scope.map(|s| s.to_string()).unwrap_or_default().into(),
            pattern(&search, like::containing).into(),
            pattern(&filter.role, like::listing).into(),
            filter.enabled.unwrap_or(true).into(),
            filter.enabled.unwrap_or(false).into(),
            filter.limit.into(),
        ],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Every person of a scope, held against other changes until the transaction ends: for what is true
/// of all of them together. Of the cluster, where they are few.
///
/// # Errors
/// The database fails.
pub fn list_for_update(tx: &mut Tx, scope: Scope) -> Result<Vec<Person>, Error> {
    tx.query(select!("scope = $1 AND NOT deleted ORDER BY id FOR UPDATE"), &[scope.into()])?
        .iter()
        .map(read)
        .collect()
}
