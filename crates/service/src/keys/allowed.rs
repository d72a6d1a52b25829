//! What a key type lets happen to its keys: at creation a value is refused, later a change.

use super::{CreateKey, UpdateKey};
use crate::{Service, error::Error};
use domain::{
    id::Scope,
    key::{Key, MAX_DESCRIPTION_CHARS, check_name},
    key_type::{Actions, BadPermissions, KeyType, Permissions, Settings},
    rate_limit::Limit,
    tenant::Tenant,
};

/// Permissions of one key: a verification walks them all.
const MAX_PERMISSIONS: usize = 64;

/// Checks the values that every key has.
pub(super) fn check_values(name: &str, description: Option<&str>) -> Result<(), Error> {
    check_name(name).map_err(|_| {
        Error::invalid(
            "name",
            "must have 1 to 255 characters, not only spaces, no control characters",
        )
    })?;
    let too_long = |d: &str| {
        d.chars().count() > MAX_DESCRIPTION_CHARS || d.chars().any(|c| c.is_control() && c != '\n')
    };
    if description.is_some_and(too_long) {
        return Err(Error::invalid(
            "description",
            format!("must have at most {MAX_DESCRIPTION_CHARS} characters, no control characters"),
        ));
    }
    Ok(())
}

/// Checks why a key is revoked.
pub(super) fn check_reason(reason: Option<&str>) -> Result<(), Error> {
    let bad = |r: &str| {
        r.trim().is_empty()
            || r.chars().count() > MAX_DESCRIPTION_CHARS
            || r.chars().any(|c| c.is_control() && c != '\n')
    };
    match reason {
        Some(reason) if bad(reason) => Err(Error::invalid(
            "reason",
            format!("must have 1 to {MAX_DESCRIPTION_CHARS} characters, no control characters"),
        )),
        _ => Ok(()),
    }
}

/// Checks that every node gets a part of the limit.
pub(crate) fn check_limit(limit: Option<Limit>, nodes: u32) -> Result<(), Error> {
    match limit {
        Some(limit) if limit.divided_by(nodes.max(1)).is_err() => Err(Error::invalid(
            "capacity",
            format!("must be at least {nodes}: each of {nodes} nodes enforces its part"),
        )),
        _ => Ok(()),
    }
}

/// Checks that the creator named nothing that keys of the type do not have.
pub(super) fn check_creation(of_type: &KeyType, wanted: &CreateKey) -> Result<(), Error> {
    let Settings { expiry, limit, .. } = of_type.settings;
    let refused = [
        (wanted.starts_at.is_some() && !expiry, "startsAt"),
        (wanted.expires_at.is_some() && !expiry, "expires"),
        (wanted.limit.is_some() && !limit, "limit"),
        (wanted.rotation.is_some() && !of_type.actions.rotate, "rotation"),
        (!wanted.allow_list.is_empty() && !of_type.takes_allow_list(), "allowList"),
        (!wanted.enabled && !of_type.actions.enable, "enabled"),
        (wanted.revoked_at.is_some() && of_type.actions.assigned_only, "revoked"),
    ];
    match refused.into_iter().find(|(bad, _)| *bad) {
        Some((_, field)) => {
            Err(Error::invalid(field, format!("keys of type `{}` do not have this", of_type.name)))
        }
        None => Ok(()),
    }
}

/// Says why permissions cannot be.
pub(super) fn explain(of_type: &KeyType, bad: &BadPermissions) -> Error {
    let detail = match bad {
        BadPermissions::Empty => "at least one is needed".to_owned(),
        BadPermissions::NotOpen(p) => {
            format!("`{p}` is not open to keys of type `{}`", of_type.name)
        }
        BadPermissions::ClusterOnly(p) => format!("`{p}` is for keys of tenant `*` alone"),
    };
    Error::invalid("permissions", detail)
}

/// What whoever leaves a key open is told.
const OPEN: &str =
    "the key is accepted from anywhere: its allow-list names no origins and no networks";

/// Checks that the key says from where it is accepted, where its tenant wants that (AL-01).
pub(super) fn require_allow_list(
    of_type: &KeyType,
    key: &Key,
    tenant: Option<&Tenant>,
) -> Result<(), Error> {
    let required = tenant.is_some_and(|tenant| tenant.allow_list_required);
    if required && is_open(of_type, key) { Err(no_allow_list()) } else { Ok(()) }
}

/// Whether the key is accepted from anywhere, though it need not be.
pub(super) fn is_open(of_type: &KeyType, key: &Key) -> bool {
    of_type.takes_allow_list() && key.allow_list.is_open()
}

/// What is said of a key that says nothing of from where, though its tenant wants it to.
pub(super) fn no_allow_list() -> Error {
    let detail =
        "must name origins or networks to which the key is confined: the tenant wants it so";
    Error::invalid("allowList", detail)
}

impl Service {
    /// What its maker should know of a key that is open to the world though it need not be (AL-01).
    #[must_use]
    pub fn warning_of_open_key(&self, key: &Key) -> Option<&'static str> {
        let of_type = self.key_type(key.scope, &key.key_type)?;
        is_open(&of_type, key).then_some(OPEN)
    }
}

/// Checks whose the key will be, and that it does not carry more permissions than anyone would ask for.
pub(super) fn check_belonging(of_type: &KeyType, wanted: &CreateKey) -> Result<(), Error> {
    let personal = of_type.permissions == Permissions::OwnersRoles;
    if personal != wanted.owner.is_some() {
        let verb = if personal { "need" } else { "do not have" };
        return Err(Error::invalid("owner", format!("keys of type `{}` {verb} one", of_type.name)));
    }
    if wanted.scope == Scope::Cluster && !of_type.cluster_keys {
        let detail = format!("keys of type `{}` belong to one tenant", of_type.name);
        return Err(Error::invalid("tenant", detail));
    }
    if wanted.permissions.len() > MAX_PERMISSIONS {
        return Err(Error::invalid("permissions", format!("must be at most {MAX_PERMISSIONS}")));
    }
    Ok(())
}

/// Checks that the type lets everything change that the update would change. Values equal to what is
/// stored are no change and pass.
pub(super) fn check_update(of_type: &KeyType, before: &Key, after: &Key) -> Result<(), Error> {
    let Settings { name, description, expiry, limit, allow_list, permissions } = of_type.settings;
    let Actions { enable, .. } = of_type.actions;
    let ends = before.starts_at != after.starts_at || before.expires_at != after.expires_at;
    let refused = [
        (before.name != after.name && !name, "name"),
        (before.description != after.description && !description, "description"),
        (ends && !expiry, "expiry"),
        (before.limit != after.limit && !limit, "limit"),
        (before.allow_list != after.allow_list && !allow_list, "allow-list"),
        (before.permissions != after.permissions && !permissions, "permissions"),
    ];
    if let Some((_, what)) = refused.into_iter().find(|(bad, _)| *bad) {
        return Err(Error::conflict(
            "key_type",
            format!("the {what} of keys of type `{}` cannot change", of_type.name),
        ));
    }
    if before.enabled != after.enabled && !enable {
        return Err(Error::conflict(
            "key_type",
            format!("keys of type `{}` cannot be disabled; revoke or delete the key", of_type.name),
        ));
    }
    Ok(())
}

/// Checks that a revoked key stays revoked: its words may change, nothing else.
pub(super) fn check_revoked(before: &Key, update: &UpdateKey, after: &Key) -> Result<(), Error> {
    let words_only =
        Key { name: after.name.clone(), description: after.description.clone(), ..before.clone() };
    if words_only == *after {
        return Ok(());
    }
    Err(Error::conflict(
        "revoked",
        match update.revoked_at {
            Some(None) => "the key is revoked; a revoked key never comes back",
            _ => "the key is revoked; only its name and description may change",
        },
    ))
}
