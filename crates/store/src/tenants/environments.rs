//! Environments: what groups tenants that are deployed together.

use crate::{Error, Read, Row, Tx};
use domain::{id::EnvironmentId, tenant::Environment, time::Timestamp};

/// Adds an environment.
///
/// # Errors
/// `Conflict("environment_id")`: the id is taken.
pub fn insert_environment(tx: &mut Tx, environment: &Environment) -> Result<(), Error> {
    let written = tx.execute(
        "INSERT INTO environments (id, name, created_at, details) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        &[
            environment.id.into(),
            environment.name.as_str().into(),
            environment.created_at.into(),
            environment.details.as_deref().into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("environment_id"));
    }
    Ok(())
}

/// The environment of this id.
///
/// # Errors
/// The database fails.
pub fn find_environment_by_id(
    r: &mut Read,
    id: EnvironmentId,
) -> Result<Option<Environment>, Error> {
    let row = r.query_one(
        "SELECT id, name, created_at, details FROM environments WHERE id = $1",
        &[id.into()],
    )?;
    row.as_ref().map(environment).transpose()
}

/// At most `limit` environments behind `after`, oldest first.
///
/// # Errors
/// The database fails.
pub fn list_environments(
    r: &mut Read,
    after: Option<(Timestamp, EnvironmentId)>,
    limit: u32,
) -> Result<Vec<Environment>, Error> {
    let (at, id) =
        after.map_or((i64::MIN, String::new()), |(at, id)| (at.as_millis(), id.to_string()));
    r.query(
        "SELECT id, name, created_at, details FROM environments
         WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3",
        &[at.into(), id.into(), limit.into()],
    )?
    .iter()
    .map(environment)
    .collect()
}

fn environment(row: &Row) -> Result<Environment, Error> {
    Ok(Environment {
        id: EnvironmentId(row.uuid(0)?),
        name: row.text(1)?,
        created_at: row.timestamp(2)?,
        details: row.opt_text(3)?,
    })
}
