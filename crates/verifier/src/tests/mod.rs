//! Tests through the real index, and what they share.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod changes;
mod limits;
mod model;
mod plain;
mod states;
mod threads;
mod tokens;
mod usage;
mod verdicts;

use crate::*;
use domain::{
    allow_list::AllowList,
    id::{ClientId, PersonId, Scope, TenantId},
    key::Key,
    permission::{Permission, Wants},
    rate_limit::Limit,
    right::Rights,
    time::Timestamp,
    verdict::{KeyTypes, Standing, Verdict},
};

pub(crate) const SEED: [u8; 16] = [7; 16];
pub(crate) const SECOND_NS: u64 = 1_000_000_000;

/// Asks about nothing in particular.
pub(crate) const ANYTHING: Request<'static> = Request {
    tenant: None,
    key_types: KeyTypes::Any,
    wants: Wants::Nothing,
    origin: None,
    address: None,
    method: None,
    path: None,
};

pub(crate) fn at(ms: i64) -> Now {
    Now { wall: Timestamp::from_millis(ms), mono_ns: u64::try_from(ms).unwrap() * 1_000_000 }
}

pub(crate) fn tenant(n: u128) -> TenantId {
    TenantId::from_u128(n)
}

pub(crate) fn person(n: u128) -> PersonId {
    PersonId::from_u128(n)
}

pub(crate) fn client(n: u128) -> ClientId {
    ClientId::from_u128(n)
}

pub(crate) fn key_id(n: u128) -> KeyId {
    KeyId::from_bytes(n.to_be_bytes())
}

/// A text that a caller could have chosen.
pub(crate) fn text(n: u128) -> String {
    format!("a-chosen-secret-{n}")
}

pub(crate) fn digest(n: u128) -> SecretDigest {
    SecretDigest::of(&text(n))
}

pub(crate) fn current(n: u128) -> LiveSecret {
    LiveSecret { slot: 0, digest: digest(n), ends_at: None }
}

pub(crate) fn ending(n: u128, slot: u8, ms: i64) -> LiveSecret {
    LiveSecret { slot, digest: digest(n), ends_at: Some(Timestamp::from_millis(ms)) }
}

/// Key `n` of tenant 1, opened by text `n`.
pub(crate) fn key(n: u128) -> KeyState {
    KeyState {
        key: Key {
            id: key_id(n),
            scope: Scope::Tenant(tenant(1)),
            key_type: "nexus".to_owned(),
            name: format!("key {n}"),
            description: None,
            owner: None,
            permissions: vec![Permission::parse("nexus:consumer:chat").unwrap()],
            enabled: true,
            starts_at: None,
            expires_at: None,
            revoked_at: None,
            revoke_reason: None,
            limit: None,
            allow_list: AllowList::default(),
            hint: "…".to_owned(),
            acknowledged_at: None,
            rotation: None,
            secret_ends_at: None,
            held_at: None,
            created_at: Timestamp::from_millis(0),
            created_by: "test".to_owned(),
            version: 1,
        },
        secrets: vec![current(n)],
        unacknowledged_since: None,
    }
}

pub(crate) fn limited(n: u128, capacity: u32, frequency_s: u32) -> KeyState {
    let mut state = key(n);
    state.key.limit = Some(Limit::new(capacity, frequency_s).unwrap());
    state
}

/// The next version of a key, changed.
pub(crate) fn changed(state: &KeyState, change: impl FnOnce(&mut KeyState)) -> KeyState {
    let mut next = state.clone();
    next.key.version += 1;
    change(&mut next);
    next
}

pub(crate) fn someone(id: PrincipalId, roles: &[&str]) -> PrincipalState {
    PrincipalState {
        id,
        scope: Scope::Tenant(tenant(1)),
        name: "someone".to_owned(),
        rights: Rights::NONE,
        roles: roles.iter().map(|r| (*r).to_owned()).collect(),
        contact_centers: Vec::new(),
        standing: Standing::Live,
        version: 1,
    }
}

/// An empty verifier that is loaded, with tenants 1 and 2 live.
pub(crate) fn verifier() -> Verifier {
    verifier_of(Options { seed: SEED, ..Options::default() })
}

pub(crate) fn verifier_of(options: Options) -> Verifier {
    let verifier = Verifier::new(options);
    verifier.apply_tenant(&TenantState::plain(tenant(1), Standing::Live, 1));
    verifier.apply_tenant(&TenantState::plain(tenant(2), Standing::Live, 1));
    verifier.set_loaded();
    verifier
}

impl Verifier {
    /// Presents text `n` and asks for one unit.
    pub(crate) fn ask(&self, n: u128, now: Now) -> Verdict {
        self.ask_for(n, &ANYTHING, now)
    }

    pub(crate) fn ask_for(&self, n: u128, asked: &Request<'_>, now: Now) -> Verdict {
        let secret = text(n);
        let presented = Presented { secret: &secret, asked: *asked, cost: 1 };
        self.verify(&presented, now, |o| {
            assert_eq!(o.found.is_none(), o.verdict == Verdict::NotFound);
            o.verdict
        })
        .unwrap()
    }

    /// Which key text `n` opens.
    pub(crate) fn opened_by(&self, n: u128, now: Now) -> Option<KeyId> {
        self.inspect(&digest(n), now, &ANYTHING, |o| o.found.map(|f| f.key_id)).unwrap()
    }
}
