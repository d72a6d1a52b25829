//! Routes of the gateway.

use crate::{
    Error, Read, Row, Tx,
    rules::{self, COLUMNS, Table, Turn, Unreadable},
    value::Value,
};
use domain::gateway_route::{GatewayRoute, Timeouts, Upstream};

/// `SELECT` every column that [`read`] reads, in its order; then the rest of the text.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT name, tenant, owner, key_types, any_of, permissions, presented_in, cost, capacity,
                 frequency_s, limited_as, envelope, identity, created_at, version, tokens, host,
                 prefix, upstream, strip_prefix, forward_secret, forward_host, connect_ms, answer_ms, idle_ms,
                 max_body_bytes
             FROM gateway_routes",
            $rest
        )
    };
}

/// The route of this name.
///
/// # Errors
/// The database fails, or the row cannot be read.
pub fn find(r: &mut Read, name: &str) -> Result<Option<GatewayRoute>, Error> {
    r.query_one(select!(" WHERE name = $1"), &[name.into()])?.as_ref().map(read).transpose()
}

/// Every route by name. A row that cannot be read keeps no other from being read.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read) -> Result<Vec<Result<GatewayRoute, Unreadable>>, Error> {
    let rows = r.query(select!(" ORDER BY name"), &[])?;
    let read = |row: &Row| rules::read_or_name(row, read);
    Ok(rows.iter().map(read).collect())
}

/// Adds a route.
///
/// # Errors
/// `Conflict("gateway_route")`: there is one of this name.
pub fn insert(tx: &mut Tx, _: &Turn, route: &GatewayRoute) -> Result<(), Error> {
    let written = tx.execute(
        "INSERT INTO gateway_routes (name, tenant, owner, key_types, any_of, permissions,
             presented_in, cost, capacity, frequency_s, limited_as, envelope, identity, created_at,
             version, tokens, host, prefix, upstream, strip_prefix, forward_secret, forward_host, connect_ms,
             answer_ms, idle_ms, max_body_bytes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19, $20, $21, $22, $23, $24, $25, $26) ON CONFLICT DO NOTHING",
        &values(route)?,
    )?;
    if written == 0 {
        return Err(Error::Conflict("gateway_route"));
    }
    rules::changed(tx, Table::Routes, &route.policy.name)
}

/// Writes what of a route may change; the caller has raised the version by one.
///
/// # Errors
/// `Conflict("version")`: someone else changed it meanwhile.
pub fn update(tx: &mut Tx, _: &Turn, route: &GatewayRoute) -> Result<(), Error> {
    let mut values = values(route)?;
    values.push(route.policy.source.version().saturating_sub(1).into());
    let written = tx.execute(
        "UPDATE gateway_routes SET tenant = $2, owner = $3, key_types = $4, any_of = $5,
             permissions = $6, presented_in = $7, cost = $8, capacity = $9, frequency_s = $10,
             limited_as = $11, envelope = $12, identity = $13, created_at = $14, version = $15,
             tokens = $16, host = $17, prefix = $18, upstream = $19, strip_prefix = $20,
             forward_secret = $21, forward_host = $22, connect_ms = $23, answer_ms = $24,
             idle_ms = $25, max_body_bytes = $26
         WHERE name = $1 AND version = $27",
        &values,
    )?;
    if written == 0 {
        return Err(Error::Conflict("version"));
    }
    rules::changed(tx, Table::Routes, &route.policy.name)
}

/// Removes a route. False: there is none of this name.
///
/// # Errors
/// The database fails.
pub fn delete(tx: &mut Tx, _: &Turn, name: &str) -> Result<bool, Error> {
    if tx.execute("DELETE FROM gateway_routes WHERE name = $1", &[name.into()])? == 0 {
        return Ok(false);
    }
    rules::changed(tx, Table::Routes, name)?;
    Ok(true)
}

fn values(route: &GatewayRoute) -> Result<Vec<Value>, Error> {
    let max_body_bytes = route.max_body_bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
    let mut values = rules::values(&route.policy)?;
    values.extend([
        route.host.as_deref().into(),
        route.prefix.as_str().into(),
        route.upstream.to_string().into(),
        route.strip_prefix.into(),
        route.forward_secret.into(),
        route.forward_host.into(),
        route.timeouts.connect_ms.into(),
        route.timeouts.answer_ms.into(),
        route.timeouts.idle_ms.into(),
        max_body_bytes.into(),
    ]);
    Ok(values)
}

fn read(row: &Row) -> Result<GatewayRoute, Error> {
    let bad = || Error::corrupt("a route of the gateway cannot be read");
    let at = |column: usize| COLUMNS + column;
    let max_body_bytes = row.opt_int(at(9))?;
    Ok(GatewayRoute {
        policy: rules::policy(row)?,
        host: row.opt_text(at(0))?,
        prefix: row.text(at(1))?,
        upstream: Upstream::parse(row.str(at(2))?).map_err(|_| bad())?,
        strip_prefix: row.bool(at(3))?,
        forward_secret: row.bool(at(4))?,
        forward_host: row.bool(at(5))?,
        timeouts: Timeouts {
            connect_ms: row.u32(at(6))?,
            answer_ms: row.u32(at(7))?,
            idle_ms: row.u32(at(8))?,
        },
        max_body_bytes: max_body_bytes
            .map(|bytes| u64::try_from(bytes).map_err(|_| bad()))
            .transpose()?,
    })
}
