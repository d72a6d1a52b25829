//! What tenants say of how long their keys live and of how many there may be, and the counts and keys
//! that this is held against.

mod counts;
mod unused;

pub use counts::{CountedOf, count_live, nth_newest};
pub use unused::{
    count_anew, last_activity, list_held, list_held_types, list_unused, set_unused_since,
};

use crate::{
    Error, Read, Tx,
    value::{Row, Value},
};
use domain::{
    id::Scope,
    key_policy::{EVERY_TYPE, KeyPolicy},
};

/// `SELECT` every column that [`read`] reads, in its order; then the rest of the text.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT scope, key_type, default_life_days, longest_life_days, description_required,
                 most_keys, most_keys_per_person, most_new_per_minute, unused_days, created_at, version
             FROM key_policies",
            $rest
        )
    };
}

/// The policy of a scope for just this name.
///
/// # Errors
/// The database fails.
pub fn find(r: &mut Read, scope: Scope, key_type: &str) -> Result<Option<KeyPolicy>, Error> {
    r.query_one(select!(" WHERE scope = $1 AND key_type = $2"), &[scope.into(), key_type.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// The same, and nobody else changes it until this transaction has ended.
///
/// # Errors
/// The database fails, or the policy is locked for too long.
pub fn find_for_update(
    tx: &mut Tx,
    scope: Scope,
    key_type: &str,
) -> Result<Option<KeyPolicy>, Error> {
    tx.query_one(
        select!(" WHERE scope = $1 AND key_type = $2 FOR UPDATE"),
        &[scope.into(), key_type.into()],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// The policy that governs keys of a type: its own, else the one for every type without one.
///
/// # Errors
/// The database fails.
pub fn governing(r: &mut Read, scope: Scope, key_type: &str) -> Result<Option<KeyPolicy>, Error> {
    let rows = r.query(
        select!(" WHERE scope = $1 AND key_type IN ($2, '*')"),
        &[scope.into(), key_type.into()],
    )?;
    nearest(&rows)
}

/// The same, and until this transaction has ended nobody else adds a key that it would count.
///
/// # Errors
/// The database fails, or the policy is locked for too long.
pub fn governing_for_update(
    tx: &mut Tx,
    scope: Scope,
    key_type: &str,
) -> Result<Option<KeyPolicy>, Error> {
    // In one order, so that two that lock both do not wait for each other crosswise.
    let rows = tx.query(
        select!(" WHERE scope = $1 AND key_type IN ($2, '*') ORDER BY key_type FOR UPDATE"),
        &[scope.into(), key_type.into()],
    )?;
    nearest(&rows)
}

fn nearest(rows: &[Row]) -> Result<Option<KeyPolicy>, Error> {
    let policies = rows.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    Ok(policies.into_iter().min_by_key(|policy| policy.key_type == EVERY_TYPE))
}

/// The policies of a scope.
///
/// # Errors
/// The database fails.
pub fn list_by_scope(r: &mut Read, scope: Scope) -> Result<Vec<KeyPolicy>, Error> {
    r.query(select!(" WHERE scope = $1 ORDER BY key_type"), &[scope.into()])?
        .iter()
        .map(read)
        .collect()
}

/// All of them.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read) -> Result<Vec<KeyPolicy>, Error> {
    r.query(select!(" ORDER BY scope, key_type"), &[])?.iter().map(read).collect()
}

/// Adds a policy.
///
/// # Errors
/// `Conflict("key_policy")`: there is one for the same type.
pub fn insert(tx: &mut Tx, policy: &KeyPolicy) -> Result<(), Error> {
    let mut args = values(policy);
    args.push(policy.created_at.into());
    let written = tx.execute(
        "INSERT INTO key_policies (scope, key_type, default_life_days, longest_life_days,
             description_required, most_keys, most_keys_per_person, most_new_per_minute, unused_days,
             version, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        &args,
    )?;
    if written == 0 { Err(Error::Conflict("key_policy")) } else { Ok(()) }
}

/// Writes a policy anew; the caller has raised the version by one.
///
/// # Errors
/// `Conflict("version")`: someone else changed it meanwhile.
pub fn update(tx: &mut Tx, policy: &KeyPolicy) -> Result<(), Error> {
    let mut args = values(policy);
    args.push(policy.version.saturating_sub(1).into());
    let written = tx.execute(
        "UPDATE key_policies SET default_life_days = $3, longest_life_days = $4,
             description_required = $5, most_keys = $6, most_keys_per_person = $7,
             most_new_per_minute = $8, unused_days = $9, version = $10
         WHERE scope = $1 AND key_type = $2 AND version = $11",
        &args,
    )?;
    if written == 0 { Err(Error::Conflict("version")) } else { Ok(()) }
}

/// Removes a policy. False: there is none.
///
/// # Errors
/// The database fails.
pub fn delete(tx: &mut Tx, scope: Scope, key_type: &str) -> Result<bool, Error> {
    let args = [scope.into(), key_type.into()];
    Ok(tx.execute("DELETE FROM key_policies WHERE scope = $1 AND key_type = $2", &args)? > 0)
}

/// What both an insert and an update write, as $1 to $10.
fn values(policy: &KeyPolicy) -> Vec<Value> {
    vec![
        policy.scope.into(),
        policy.key_type.as_str().into(),
        policy.default_life_days.into(),
        policy.longest_life_days.into(),
        policy.description_required.into(),
        policy.most_keys.into(),
        policy.most_keys_per_person.into(),
        policy.most_new_per_minute.into(),
        policy.unused_days.into(),
        policy.version.into(),
    ]
}

fn read(row: &Row) -> Result<KeyPolicy, Error> {
    Ok(KeyPolicy {
        scope: row.scope(0)?,
        key_type: row.text(1)?,
        default_life_days: row.opt_u32(2)?,
        longest_life_days: row.opt_u32(3)?,
        description_required: row.bool(4)?,
        most_keys: row.opt_u32(5)?,
        most_keys_per_person: row.opt_u32(6)?,
        most_new_per_minute: row.opt_u32(7)?,
        unused_days: row.opt_u32(8)?,
        created_at: row.timestamp(9)?,
        version: row.u32(10)?,
    })
}
