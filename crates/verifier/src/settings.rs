//! What keys have in common: interned, because ten million keys have a few thousand settings.

use crate::{
    feed::{KeyState, TokenState},
    principals::{Seat, Tenant},
};
use domain::{
    actor::PrincipalId,
    allow_list::AllowList,
    id::{ClientId, PersonId, Scope},
    key::Key,
    permission::Permission,
    rate_limit::Limit,
    tenant::WarningDays,
    time::Timestamp,
};
use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

/// Everything of a key that is not in its record.
pub(crate) struct Settings {
    pub(crate) scope: Scope,
    pub(crate) tenant: Option<Arc<Tenant>>,
    pub(crate) key_type: Box<str>,
    pub(crate) owner: Option<(PersonId, Arc<Seat>)>,
    /// Whether its permissions are read from its owner's roles.
    pub(crate) personal: bool,
    pub(crate) permissions: Box<[Permission]>,
    pub(crate) allow_list: AllowList,
    pub(crate) limit: Option<Limit>,
    /// The limit as this node enforces it; `None` with a limit: no node could admit anything.
    pub(crate) share: Option<Limit>,
    pub(crate) starts_at: Option<Timestamp>,
    /// The end of a key whose record holds the instant of its revocation instead.
    pub(crate) end_of_revoked: Option<Timestamp>,
    /// How long before its end the rotation of a current secret that ends is due.
    pub(crate) due_before_s: Option<u32>,
    /// Since when the current secret waits to be acknowledged.
    pub(crate) unacknowledged_since: Option<Timestamp>,
}

impl Settings {
    /// The settings of `key`, shared by all keys that are alike in them.
    pub(crate) fn of(
        state: &KeyState,
        nodes: u32,
        tenant: Option<Arc<Tenant>>,
        owner: Option<Arc<Seat>>,
    ) -> Self {
        let key = &state.key;
        Self {
            scope: key.scope,
            tenant,
            key_type: key.key_type.as_str().into(),
            owner: key.owner.zip(owner),
            personal: key.key_type == domain::key_type::PERSONAL_TYPE,
            permissions: key.permissions.as_slice().into(),
            allow_list: key.allow_list.clone(),
            limit: key.limit,
            share: key.limit.and_then(|l| l.divided_by(nodes).ok()),
            starts_at: key.starts_at,
            end_of_revoked: end_of_revoked(key),
            due_before_s: due_before_s(key),
            unacknowledged_since: unacknowledged_since(state),
        }
    }

    /// Whether its tenant's policy holds back a key whose secret nobody acknowledged.
    pub(crate) fn hold(&self, now: Timestamp) -> bool {
        self.unacknowledged_since
            .zip(self.tenant.as_ref())
            .is_some_and(|(since, tenant)| tenant.holds(since, now))
    }

    /// The days before their end from which keys like this one are said to end.
    pub(crate) fn warning_days(&self) -> WarningDays {
        self.tenant.as_ref().map_or_else(WarningDays::default, |tenant| tenant.warning_days())
    }

    /// Whether `state` has these settings.
    pub(crate) fn are_of(&self, state: &KeyState) -> bool {
        let key = &state.key;
        self.scope == key.scope
            && *self.key_type == *key.key_type
            && self.owner.as_ref().map(|(id, _)| *id) == key.owner
            && *self.permissions == *key.permissions
            && self.allow_list == key.allow_list
            && self.limit == key.limit
            && self.starts_at == key.starts_at
            && self.end_of_revoked == end_of_revoked(key)
            && self.due_before_s == due_before_s(key)
            && self.unacknowledged_since == unacknowledged_since(state)
    }
}

/// To the next whole minute: policies count in minutes, and keys that were made together share it.
fn unacknowledged_since(state: &KeyState) -> Option<Timestamp> {
    const MINUTE_MS: i64 = 60_000;
    let past = state.unacknowledged_since?.as_millis();
    let minutes = past.div_euclid(MINUTE_MS) + i64::from(past.rem_euclid(MINUTE_MS) > 0);
    Some(Timestamp::from_millis(minutes.saturating_mul(MINUTE_MS)))
}

/// Most revoked keys have no end, and keys with both are few enough to intern the end.
fn end_of_revoked(key: &Key) -> Option<Timestamp> {
    key.revoked_at.and(key.ends_at())
}

fn due_before_s(key: &Key) -> Option<u32> {
    key.secret_ends_at.and(key.rotation).map(|rotation| rotation.overlap_s)
}

/// Hashes what [`Settings::are_of`] compares.
pub(crate) struct Likeness<'a>(pub(crate) &'a KeyState);

impl Hash for Likeness<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let key = &self.0.key;
        key.scope.hash(state);
        key.key_type.hash(state);
        key.owner.hash(state);
        key.permissions.hash(state);
        if !key.allow_list.is_empty() {
            key.allow_list.hash(state);
        }
        key.limit.hash(state);
        key.starts_at.hash(state);
        end_of_revoked(key).hash(state);
        due_before_s(key).hash(state);
        unacknowledged_since(self.0).hash(state);
    }
}

/// What access tokens have in common.
pub(crate) struct TokenSettings {
    pub(crate) principal: (PrincipalId, Arc<Seat>),
    pub(crate) client: (ClientId, Arc<Seat>),
    pub(crate) scope: Arc<str>,
}

impl TokenSettings {
    pub(crate) fn are_of(&self, token: &TokenState) -> bool {
        self.principal.0 == token.principal
            && self.client.0 == token.client
            && *self.scope == *token.scope
    }
}
