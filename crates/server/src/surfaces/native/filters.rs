//! Parameters that several lists read.

use crate::{extract::Query, failure::Failure};
use domain::{id::Scope, key::MAX_NAME_CHARS};
use service::by_name::{ListByName, MAX_PAGE};

/// A parameter that cannot be used.
pub(super) fn bad(name: &str, wanted: &str) -> Failure {
    Failure::BadQuery { field: Some(name.to_owned()), detail: format!("`{name}` must be {wanted}") }
}

/// Of a list of things that are known by their names: `tenant`, `limit`, `cursor` and nothing else.
pub(super) fn by_name(mut query: Query) -> Result<ListByName, Failure> {
    let list = ListByName {
        scope: tenant(&mut query)?,
        limit: limit(&mut query, MAX_PAGE)?.unwrap_or(MAX_PAGE),
        cursor: query.0.take_text("cursor"),
    };
    query.finish()?;
    Ok(list)
}

/// `tenant`: a tenant's id, or `*`.
pub(super) fn tenant(query: &mut Query) -> Result<Option<Scope>, Failure> {
    let Some(text) = query.0.take_text("tenant") else { return Ok(None) };
    Scope::parse(&text).map(Some).map_err(|_| bad("tenant", "a tenant's id or `*`"))
}

/// `limit`: how many at most.
pub(super) fn limit(query: &mut Query, max: u32) -> Result<Option<u32>, Failure> {
    let wanted = format!("1 to {max}");
    let limit = query.parse("limit", &wanted)?;
    if limit.is_some_and(|limit| !(1..=max).contains(&limit)) {
        return Err(bad("limit", &wanted));
    }
    Ok(limit)
}

/// `search`: a part of a name.
pub(super) fn search(query: &mut Query) -> Result<Option<String>, Failure> {
    name(query, "search")
}

/// A name, or a part of one.
pub(super) fn name(query: &mut Query, parameter: &str) -> Result<Option<String>, Failure> {
    let text = query.0.take_text(parameter);
    if text.as_ref().is_some_and(|t| t.chars().count() > MAX_NAME_CHARS) {
        return Err(bad(parameter, &format!("at most {MAX_NAME_CHARS} characters long")));
    }
    Ok(text)
}

/// A switch: `true` or `false`.
pub(super) fn switch(query: &mut Query, name: &'static str) -> Result<Option<bool>, Failure> {
    query.parse(name, "`true` or `false`")
}
