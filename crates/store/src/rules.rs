//! Policies and gateway routes together: whoever keeps them in memory gets all of them at every change,
//! for one new rule can stand in the way of another one.
//!
//! Changes of rules are rare and take turns, one after the other on all nodes. The turn is also the
//! number by which an older state of all rules is told from a newer one.

use crate::{Apply, Error, Read, Row, Tx, gateway_routes, json_list, policies, value::Value};
use domain::{
    gateway_route::GatewayRoute,
    id::TenantId,
    key_type::Place,
    policy::{Envelope, IdentityHeaders, LimitedAs, Policy, Source, Tokens, Wanted},
    rate_limit::Limit,
};
use std::sync::Arc;

/// Whoever keeps the rules in memory.
pub type Listener = Arc<dyn Fn(StoredRules) + Send + Sync>;

/// All rules of the database.
#[derive(Clone, Debug, Default)]
pub struct StoredRules {
    /// Higher in a newer state.
    pub turn: u32,
    /// The policies by name.
    pub policies: Vec<Result<Policy, Unreadable>>,
    /// The routes of the gateway by name. Of no upstream is it known here whether the configuration
    /// names it.
    pub routes: Vec<Result<GatewayRoute, Unreadable>>,
}

/// A rule whose row does not hold what this program writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// Its name.
    pub name: String,
    /// What is wrong.
    pub why: String,
    /// Host and prefix of a route, if they can be read: nothing else may serve there in its place.
    pub place: Option<(Option<String>, String)>,
}

/// The turn of one change: nobody else changes a rule until its transaction has ended.
#[derive(Debug)]
pub struct Turn(());

/// Which table a rule lies in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Table {
    Policies,
    Routes,
}

/// How many columns [`policy`] reads.
pub(crate) const COLUMNS: usize = 16;

/// Takes the turn to change a rule.
///
/// # Errors
/// The database fails, or somebody else has the turn for too long.
pub fn take_turn(tx: &mut Tx) -> Result<Turn, Error> {
    tx.execute("UPDATE rule_turns SET turn = turn + 1", &[])?;
    Ok(Turn(()))
}

/// All rules. What is read is never older than its turn says.
///
/// # Errors
/// The database fails.
pub fn all(r: &mut Read) -> Result<StoredRules, Error> {
    let turn = r.query_one("SELECT turn FROM rule_turns", &[])?;
    let turn = turn.map_or(Ok(0), |row| row.u32(0))?;
    Ok(StoredRules { turn, policies: policies::list(r)?, routes: gateway_routes::list(r)? })
}

/// Removes the rules of a tenant that ends.
pub(crate) fn delete_of_tenant(tx: &mut Tx, tenant: TenantId) -> Result<(), Error> {
    take_turn(tx)?;
    let policies = tx.execute("DELETE FROM policies WHERE tenant = $1", &[tenant.into()])?;
    let routes = tx.execute("DELETE FROM gateway_routes WHERE tenant = $1", &[tenant.into()])?;
    if policies > 0 {
        changed(tx, Table::Policies, &tenant.to_string())?;
    } else if routes > 0 {
        changed(tx, Table::Routes, &tenant.to_string())?;
    }
    Ok(())
}

/// Notes that memory must learn what the rules are now.
pub(crate) fn changed(tx: &mut Tx, table: Table, id: &str) -> Result<(), Error> {
    let state = Box::new(all(tx)?);
    tx.changed(Apply::Rules { table, id: id.to_owned(), state });
    Ok(())
}

/// Reads a row, or says which one cannot be read.
pub(crate) fn read_or_name<T>(
    row: &Row,
    read: impl FnOnce(&Row) -> Result<T, Error>,
) -> Result<T, Unreadable> {
    read(row).map_err(|error| Unreadable {
        name: row.text(0).unwrap_or_default(),
        why: error.to_string(),
        place: row.opt_text(COLUMNS).ok().zip(row.text(COLUMNS + 1).ok()),
    })
}

/// The values of the columns that both tables have.
pub(crate) fn values(policy: &Policy) -> Result<Vec<Value>, Error> {
    let Source::Stored { owner, created_at, version } = policy.source else {
        return Err(Error::unavailable("a rule of the configuration is no row"));
    };
    Ok(vec![
        policy.name.as_str().into(),
        policy.tenant.into(),
        owner.into(),
        json_list::write(&policy.key_types).into(),
        policy.wanted.any.into(),
        json_list::write(&policy.wanted.permissions).into(),
        json_list::write(policy.presented_in.iter().map(ToString::to_string)).into(),
        policy.cost.into(),
        policy.limit.map(Limit::capacity).into(),
        policy.limit.map(Limit::frequency_s).into(),
        u32::from(policy.limited_as.status()).into(),
        policy.envelope.as_str().into(),
        json_list::write(policy.identity.names()).into(),
        created_at.into(),
        version.into(),
        policy.tokens.as_str().into(),
    ])
}

/// Reads the columns that both tables have.
pub(crate) fn policy(row: &Row) -> Result<Policy, Error> {
    let bad = || Error::corrupt("a policy cannot be read");
    let limit = match (row.opt_u32(8)?, row.opt_u32(9)?) {
        (Some(capacity), Some(seconds)) => Some(Limit::new(capacity, seconds).map_err(|_| bad())?),
        (None, None) => None,
        _ => return Err(bad()),
    };
    let identity = json_list::read(row.str(12)?)?;
    let [tenant, key_id, key_name, permissions] =
        <[String; 4]>::try_from(identity).map_err(|_| bad())?;
    Ok(Policy {
        name: row.text(0)?,
        tenant: row.opt_uuid(1)?.map(TenantId),
        key_types: json_list::read(row.str(3)?)?,
        wanted: Wanted { any: row.bool(4)?, permissions: json_list::read(row.str(5)?)? },
        presented_in: json_list::read_as(row.str(6)?, Place::parse)?,
        tokens: Tokens::parse(row.str(15)?).ok_or_else(bad)?,
        cost: row.u32(7)?,
        limit,
        limited_as: LimitedAs::from_status(row.u32(10)?).ok_or_else(bad)?,
        envelope: Envelope::parse(row.str(11)?).ok_or_else(bad)?,
        identity: IdentityHeaders { tenant, key_id, key_name, permissions },
        source: Source::Stored {
            owner: row.scope(2)?,
            created_at: row.timestamp(13)?,
            version: row.u32(14)?,
        },
    })
}
