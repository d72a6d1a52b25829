//! What memory holds of persons: who they are, what their roles allow, where they stand.

use crate::{Apply, Error, Read, Row, Tx, json_list, like, roles};
use domain::{
    actor::PrincipalId,
    id::{PersonId, Scope},
    right::Role,
    verdict::Standing,
};
use verifier::PrincipalState;

/// Tells memory anew of everyone who holds this role: a cluster role's holders are everywhere.
pub(crate) fn role_changed(tx: &mut Tx, scope: Scope, role: &str) -> Result<(), Error> {
    let rows = tx.query(
        "UPDATE persons SET revision = revision + 1
         WHERE ($1 = '*' OR scope = $1) AND (roles LIKE $2 ESCAPE '!' OR mapped_roles LIKE $2 ESCAPE '!')
             AND NOT deleted RETURNING id",
        &[scope.into(), like::listing(role).into()],
    )?;
    for row in &rows {
        changed(tx, PersonId(row.uuid(0)?))?;
    }
    Ok(())
}

/// What memory holds of a person, deleted ones included; `None`: there never was one.
pub(crate) fn state(r: &mut Read, id: PersonId) -> Result<Option<PrincipalState>, Error> {
    let row = r.query_one(
        "SELECT id, scope, username, roles, enabled, deleted, revision, mapped_roles
         FROM persons WHERE id = $1",
        &[id.into()],
    )?;
    let Some(row) = row else {
        return Ok(None);
    };
    let roles = roles::list(r, row.scope(1)?)?;
    read_state(&row, &roles).map(Some)
}

/// What memory holds of every person, deleted ones included: their keys are refused for it.
pub(crate) fn states(r: &mut Read, roles: &[Role]) -> Result<Vec<PrincipalState>, Error> {
    r.query(
        "SELECT id, scope, username, roles, enabled, deleted, revision, mapped_roles
         FROM persons ORDER BY id",
        &[],
    )?
    .iter()
    .map(|row| read_state(row, roles))
    .collect()
}

pub(super) fn changed(tx: &mut Tx, id: PersonId) -> Result<(), Error> {
    let state =
        state(tx, id)?.ok_or_else(|| Error::corrupt("a person that was just written is gone"))?;
    tx.changed(Apply::Principal(Box::new(state)));
    Ok(())
}

fn read_state(row: &Row, roles: &[Role]) -> Result<PrincipalState, Error> {
    let (scope, mut names) = (row.scope(1)?, json_list::read(row.str(3)?)?);
    for mapped in json_list::read(row.str(7)?)? {
        if !names.contains(&mapped) {
            names.push(mapped);
        }
    }
    Ok(PrincipalState {
        id: PrincipalId::Person(PersonId(row.uuid(0)?)),
        scope,
        name: row.text(2)?,
        rights: roles::rights_of(roles, scope, &names),
        roles: names,
        contact_centers: Vec::new(),
        standing: standing(row.bool(4)?, row.bool(5)?),
        version: row.u32(6)?,
    })
}

/// Where a person or client stands by its two columns.
pub(crate) const fn standing(enabled: bool, deleted: bool) -> Standing {
    match (enabled, deleted) {
        (_, true) => Standing::Deleted,
        (false, false) => Standing::Disabled,
        (true, false) => Standing::Live,
    }
}
