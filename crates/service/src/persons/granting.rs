//! No escalation: nobody gives a person more than they hold, nor touches one that holds more. And the
//! cluster never loses the last person who can manage it: without one only the machine itself helps.

use crate::{caller::Caller, error::Error};
use domain::{
    actor::PrincipalId,
    id::{PersonId, Scope},
    person::Person,
    right::{Right, Rights, is_role_name},
};
use std::collections::{BTreeMap, BTreeSet};
use store::{Read, Tx};

/// What it takes to give everybody else their rights.
const KEEPS_THE_CLUSTER: [Right; 2] = [Right::PersonsManage, Right::TenantsManage];

/// The right to manage persons and roles.
pub(crate) fn manage() -> Rights {
    [Right::PersonsManage].into_iter().collect()
}

/// Whether the caller is this person.
pub(super) fn is_self(caller: &Caller, id: PersonId) -> bool {
    caller.principal.id == PrincipalId::Person(id)
}

/// Checks that the caller holds all that the person holds.
pub(crate) fn check_holds_no_more(
    r: &mut Read,
    caller: &Caller,
    person: &Person,
) -> Result<(), Error> {
    caller.require_rights(store::roles::resolve(r, person.scope, &person.all_roles())?)
}

/// Which of these holders hold no more than the caller. Each: its place, its roles, its rights besides.
pub(crate) fn hold_no_more(
    r: &mut Read,
    caller: &Caller,
    holders: &[(Scope, Vec<String>, Rights)],
) -> Result<Vec<bool>, store::Error> {
    let mut known = BTreeMap::new();
    for (scope, ..) in holders {
        if !known.contains_key(scope) {
            known.insert(*scope, store::roles::list(r, *scope)?);
        }
    }
    let fine = |(scope, names, rights): &(Scope, Vec<String>, Rights)| {
        let roles = known.get(scope).map(Vec::as_slice).unwrap_or_default();
        caller.has(rights.union(store::roles::rights_of(roles, *scope, names)))
    };
    Ok(holders.iter().map(fine).collect())
}

/// Checks that somebody of `scope` can have these roles and that the caller holds all that they give.
pub(super) fn check_roles(
    r: &mut Read,
    caller: &Caller,
    scope: Scope,
    names: &[String],
) -> Result<(), Error> {
    if !names.iter().all(|name| is_role_name(name)) {
        return Err(Error::invalid("roles", "each entry: the name of a role"));
    }
    let roles = store::roles::list(r, scope)?;
    let mut given = Rights::NONE;
    for name in names {
        let role = roles
            .iter()
            .filter(|role| !role.cluster_only || scope == Scope::Cluster)
            .find(|role| role.name == *name)
            .ok_or_else(|| Error::invalid("roles", format!("`{name}` cannot be given here")))?;
        given = given.union(role.rights_in(scope));
    }
    caller.require_rights(given)
}

/// Whether these are the same roles, in whatever order.
pub(super) fn are_same(one: &[String], other: &[String]) -> bool {
    let sorted = |names: &[String]| names.iter().cloned().collect::<BTreeSet<String>>();
    sorted(one) == sorted(other)
}

/// The names without repetitions, in the order given.
pub(super) fn distinct(names: Vec<String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}

/// Whether somebody of the cluster can manage it. Locks everybody of the cluster, always in the same
/// order: ask before a change of one of them, and again behind it.
pub(crate) fn cluster_is_kept(tx: &mut Tx, scope: Scope) -> Result<bool, Error> {
    if scope != Scope::Cluster {
        return Ok(true);
    }
    let persons = store::persons::list_for_update(tx, scope)?;
    let roles = store::roles::list(tx, scope)?;
    let needed: Rights = KEEPS_THE_CLUSTER.into_iter().collect();
    let keeps = |person: &Person| {
        person.enabled
            && store::roles::rights_of(&roles, scope, &person.all_roles()).has_all(needed)
    };
    Ok(persons.iter().any(keeps))
}

/// Refuses a change behind which nobody is left who can manage the cluster.
pub(crate) fn check_still_kept(tx: &mut Tx, scope: Scope, was_kept: bool) -> Result<(), Error> {
    if !was_kept || cluster_is_kept(tx, scope)? {
        return Ok(());
    }
    Err(Error::conflict(
        "last_administrator",
        "nobody else of the cluster is enabled and holds both `Persons.canManage` and \
         `Tenants.canManage`; give them to somebody else first",
    ))
}
