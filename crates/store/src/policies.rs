//! Policies.

use crate::{
    Error, Read, Row, Tx,
    rules::{self, Table, Turn, Unreadable},
};
use domain::policy::Policy;

/// `SELECT` every column that [`rules::policy`] reads, in its order; then the rest of the text.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT name, tenant, owner, key_types, any_of, permissions, presented_in, cost, capacity,
                 frequency_s, limited_as, envelope, identity, created_at, version, tokens
             FROM policies",
            $rest
        )
    };
}

/// The policy of this name.
///
/// # Errors
/// The database fails, or the row cannot be read.
pub fn find(r: &mut Read, name: &str) -> Result<Option<Policy>, Error> {
    r.query_one(select!(" WHERE name = $1"), &[name.into()])?
        .as_ref()
        .map(rules::policy)
        .transpose()
}

/// Every policy by name. A row that cannot be read keeps no other from being read.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read) -> Result<Vec<Result<Policy, Unreadable>>, Error> {
    let rows = r.query(select!(" ORDER BY name"), &[])?;
    let read = |row: &Row| rules::read_or_name(row, rules::policy);
    Ok(rows.iter().map(read).collect())
}

/// Adds a policy.
///
/// # Errors
/// `Conflict("policy")`: there is one of this name.
pub fn insert(tx: &mut Tx, _: &Turn, policy: &Policy) -> Result<(), Error> {
    let written = tx.execute(
        "INSERT INTO policies (name, tenant, owner, key_types, any_of, permissions, presented_in,
             cost, capacity, frequency_s, limited_as, envelope, identity, created_at, version,
             tokens)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT DO NOTHING",
        &rules::values(policy)?,
    )?;
    if written == 0 {
        return Err(Error::Conflict("policy"));
    }
    rules::changed(tx, Table::Policies, &policy.name)
}

/// Writes what of a policy may change; the caller has raised the version by one.
///
/// # Errors
/// `Conflict("version")`: someone else changed it meanwhile.
pub fn update(tx: &mut Tx, _: &Turn, policy: &Policy) -> Result<(), Error> {
    let mut values = rules::values(policy)?;
    values.push(policy.source.version().saturating_sub(1).into());
    let written = tx.execute(
        "UPDATE policies SET tenant = $2, owner = $3, key_types = $4, any_of = $5,
             permissions = $6, presented_in = $7, cost = $8, capacity = $9, frequency_s = $10,
             limited_as = $11, envelope = $12, identity = $13, created_at = $14, version = $15,
             tokens = $16
         WHERE name = $1 AND version = $17",
        &values,
    )?;
    if written == 0 {
        return Err(Error::Conflict("version"));
    }
    rules::changed(tx, Table::Policies, &policy.name)
}

/// Removes a policy. False: there is none of this name.
///
/// # Errors
/// The database fails.
pub fn delete(tx: &mut Tx, _: &Turn, name: &str) -> Result<bool, Error> {
    if tx.execute("DELETE FROM policies WHERE name = $1", &[name.into()])? == 0 {
        return Ok(false);
    }
    rules::changed(tx, Table::Policies, name)?;
    Ok(true)
}
