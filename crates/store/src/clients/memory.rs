//! What memory holds of clients: who they are, what their roles allow, where they stand.

use crate::{Apply, Error, Read, Row, Tx, json_list, like, persons, roles};
use domain::{
    actor::PrincipalId,
    id::{ClientId, Scope, TenantId},
    right::Role,
};
use verifier::PrincipalState;

/// Tells memory anew of every client that holds this role: a cluster role's holders are everywhere.
pub(crate) fn role_changed(tx: &mut Tx, scope: Scope, role: &str) -> Result<(), Error> {
    let rows = tx.query(
        "UPDATE clients SET revision = revision + 1
         WHERE ($1 = '*' OR scope = $1) AND roles LIKE $2 ESCAPE '!' AND NOT deleted RETURNING id",
        &[scope.into(), like::listing(role).into()],
    )?;
    for row in &rows {
        changed(tx, ClientId(row.uuid(0)?))?;
    }
    Ok(())
}

/// What memory holds of a client, deleted ones included; `None`: there never was one.
pub(crate) fn state(r: &mut Read, id: ClientId) -> Result<Option<PrincipalState>, Error> {
    let row = r.query_one(
        "SELECT id, scope, client_id, roles, rights, contact_centers, enabled, deleted, revision
         FROM clients WHERE id = $1",
        &[id.into()],
    )?;
    let Some(row) = row else {
        return Ok(None);
    };
    let roles = roles::list(r, row.scope(1)?)?;
    read_state(&row, &roles).map(Some)
}

/// What memory holds of every client.
pub(crate) fn states(r: &mut Read, roles: &[Role]) -> Result<Vec<PrincipalState>, Error> {
    r.query(
        "SELECT id, scope, client_id, roles, rights, contact_centers, enabled, deleted, revision
         FROM clients ORDER BY id",
        &[],
    )?
    .iter()
    .map(|row| read_state(row, roles))
    .collect()
}

pub(super) fn changed(tx: &mut Tx, id: ClientId) -> Result<(), Error> {
    let state =
        state(tx, id)?.ok_or_else(|| Error::corrupt("a client that was just written is gone"))?;
    tx.changed(Apply::Principal(Box::new(state)));
    Ok(())
}

fn read_state(row: &Row, roles: &[Role]) -> Result<PrincipalState, Error> {
    let (scope, names) = (row.scope(1)?, json_list::read(row.str(3)?)?);
    let own = roles::read_rights(row.str(4)?)?;
    let own = if scope == Scope::Cluster { own } else { own.of_a_tenant() };
    Ok(PrincipalState {
        id: PrincipalId::Client(ClientId(row.uuid(0)?)),
        scope,
        name: row.text(2)?,
        rights: own.union(roles::rights_of(roles, scope, &names)),
        roles: names,
        contact_centers: json_list::read_as(row.str(5)?, |id| TenantId::parse(id).ok())?,
        standing: persons::standing(row.bool(6)?, row.bool(7)?),
        version: row.u32(8)?,
    })
}
