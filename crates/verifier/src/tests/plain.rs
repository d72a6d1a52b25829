//! Plain maps that say what the index must say. Tombstones here last for ever.

use crate::{
    feed::{Drained, KeyState, KeyUsage, Options},
    principals::{Seat, Tenant},
    question::{Found, LimitState, Now, Outcome, Unavailable, Warning},
};
use domain::{
    actor::PrincipalId,
    id::{KeyId, TenantId},
    key::Key,
    permission::Permission,
    rate_limit::{Taken, Window},
    secret::SecretDigest,
    tenant::WarningDays,
    time::Timestamp,
    verdict::{Request, Standing, Subject, Verdict, check, settle},
};
use std::{collections::HashMap, sync::Arc};

#[derive(Default)]
pub(crate) struct Plain {
    pub(crate) tenants: HashMap<TenantId, Arc<Tenant>>,
    pub(crate) seats: HashMap<PrincipalId, Arc<Seat>>,
    keys: HashMap<KeyId, KeyState>,
    gone: HashMap<KeyId, u32>,
    digests: HashMap<SecretDigest, Vec<KeyId>>,
    windows: HashMap<KeyId, Window>,
    usage: HashMap<KeyId, KeyUsage>,
    not_found: u64,
    pub(crate) loaded: bool,
    pub(crate) fresh_at: u64,
}

impl Plain {
    pub(crate) fn tenant(&mut self, id: TenantId) -> Arc<Tenant> {
        Arc::clone(self.tenants.entry(id).or_insert_with(|| Arc::new(Tenant::unknown())))
    }

    pub(crate) fn seat(&mut self, id: PrincipalId) -> Arc<Seat> {
        Arc::clone(self.seats.entry(id).or_default())
    }

    pub(crate) fn apply_key(&mut self, state: &KeyState) {
        let id = state.key.id;
        let known = self.keys.get(&id).map(|k| k.key.version);
        if known.max(self.gone.get(&id).copied()) >= Some(state.key.version) {
            return;
        }
        let old = self.keys.insert(id, state.clone()).map_or_else(Vec::new, |k| k.secrets);
        for secret in &old {
            if !state.secrets.iter().any(|s| s.digest == secret.digest) {
                self.leave(&secret.digest, id);
            }
        }
        for secret in &state.secrets {
            let holders = self.digests.entry(secret.digest).or_default();
            if !holders.contains(&id) {
                holders.push(id);
            }
        }
    }

    fn leave(&mut self, digest: &SecretDigest, id: KeyId) {
        if let Some(holders) = self.digests.get_mut(digest) {
            holders.retain(|h| *h != id);
        }
    }

    pub(crate) fn remove_key(&mut self, id: KeyId, version: u32) {
        if self.keys.get(&id).is_some_and(|k| k.key.version > version) {
            return;
        }
        let gone = self.gone.entry(id).or_default();
        *gone = version.max(*gone);
        self.windows.remove(&id);
        if let Some(old) = self.keys.remove(&id) {
            for secret in old.secrets {
                self.leave(&secret.digest, id);
            }
        }
    }

    pub(crate) fn key_count(&self) -> usize {
        self.keys.len()
    }

    fn unavailable(&self, now: Now, options: &Options) -> Option<Unavailable> {
        let age = now.mono_ns.saturating_sub(self.fresh_at) / 1_000_000;
        (age > options.stale_after_ms).then_some(Unavailable::Stale)
    }

    fn holder(
        &self,
        digest: &SecretDigest,
        wall: Timestamp,
    ) -> Option<(&KeyState, u8, Option<Timestamp>)> {
        let state = self.keys.get(self.digests.get(digest)?.last()?)?;
        let secret = state.secrets.iter().find(|s| s.digest == *digest)?;
        if secret.ends_at.is_some_and(|at| at <= wall) {
            return None;
        }
        Some((state, secret.slot, secret.ends_at))
    }

    pub(crate) fn verify<R>(
        &mut self,
        digest: &SecretDigest,
        asked: &Request<'_>,
        cost: Option<u32>,
        now: Now,
        options: &Options,
        answer: impl FnOnce(&Outcome<'_>) -> R,
    ) -> Result<R, Unavailable> {
        if let Some(why) = self.unavailable(now, options) {
            return Err(why);
        }
        let none = Outcome { verdict: Verdict::NotFound, found: None, limit: None };
        let Some((state, slot, ends_at)) = self.holder(digest, now.wall) else {
            if !self.loaded {
                return Err(Unavailable::Loading);
            }
            self.not_found += u64::from(cost.is_some());
            return Ok(answer(&none));
        };
        let state = state.clone();
        let key = &state.key;
        let owner = key.owner.map(|o| self.seat(PrincipalId::Person(o)));
        let tenant = key.scope.tenant().map(|t| self.tenant(t));
        let profile = owner.as_ref().and_then(|o| o.principal()).map(|p| p.profile());
        let live: &[Permission] = profile.as_ref().map_or(&[], |p| &p.personal);
        let permissions = if key.key_type == "psk" { live } else { &key.permissions };
        let subject = Subject {
            scope: key.scope,
            key_type: &key.key_type,
            tenant: tenant.map_or(Standing::Live, |t| t.standing()),
            owner: owner.as_ref().map_or(Standing::Live, |o| o.standing()),
            enabled: key.enabled,
            held: state.key.held_at.is_some(),
            starts_at: key.starts_at,
            expires_at: key.ends_at(),
            revoked_at: key.revoked_at,
            allow_list: &key.allow_list,
            permissions,
        };
        let mut verdict = check(&subject, asked, now.wall);
        if verdict == Verdict::NotFound {
            self.not_found += u64::from(cost.is_some());
            return Ok(answer(&none));
        }
        let limit =
            if verdict == Verdict::Valid { self.limit(key, cost, now, options) } else { None };
        let limit = limit.map(|(last_word, limit)| {
            verdict = last_word;
            limit
        });
        if cost.is_some() {
            self.count(key.id, verdict, slot, now.wall);
        }
        let found = Found {
            key_id: key.id,
            scope: key.scope,
            key_type: &key.key_type,
            name: &key.name,
            permissions,
            expires_at: key.ends_at(),
            owner: key.owner,
            limit: key.limit,
            secret_slot: slot,
            secret_ends_at: ends_at.or_else(|| due_secret_ends_at(key, now.wall)),
            warning: if verdict > Verdict::Expired { self.warning(key, now.wall) } else { None },
        };
        Ok(answer(&Outcome { verdict, found: Some(found), limit }))
    }

    fn warning(&self, key: &Key, wall: Timestamp) -> Option<Warning> {
        let tenant = key.scope.tenant().and_then(|t| self.tenants.get(&t));
        let days = tenant.map_or_else(WarningDays::default, |t| t.warning_days());
        let left = key.unavailable_at()?.as_millis() - wall.as_millis();
        let left = (left + 86_399_999).div_euclid(86_400_000);
        let day = days.iter().filter(|day| left <= i64::from(*day)).min()?;
        Some(Warning { days_left: u16::try_from(left).unwrap(), day })
    }

    fn limit(
        &mut self,
        key: &Key,
        cost: Option<u32>,
        now: Now,
        options: &Options,
    ) -> Option<(Verdict, LimitState)> {
        let limit = key.limit?.divided_by(options.nodes.max(1)).ok()?;
        let window = self.windows.entry(key.id).or_default();
        let (taken, _) = window.take(now.mono_ns, limit, cost.unwrap_or(0), false);
        let (Taken::Admitted { remaining, reset_after_ms }
        | Taken::Refused { remaining, reset_after_ms }) = taken;
        Some((settle(Some(taken)), LimitState { limit, remaining, reset_after_ms }))
    }

    fn count(&mut self, id: KeyId, verdict: Verdict, slot: u8, wall: Timestamp) {
        let unused = KeyUsage { id, counts: [0; 13], last_used: None, secrets_used: [None, None] };
        let usage = self.usage.entry(id).or_insert(unused);
        usage.counts[verdict as usize] += 1;
        if verdict == Verdict::Valid {
            usage.last_used = usage.last_used.max(Some(wall));
            let of_secret = &mut usage.secrets_used[usize::from(slot % 2)];
            *of_secret = Some(wall).max(*of_secret);
        }
    }

    pub(crate) fn drain(&mut self) -> Drained {
        Drained {
            keys: std::mem::take(&mut self.usage).into_values().collect(),
            not_found: std::mem::take(&mut self.not_found),
        }
    }
}

/// Of a current secret whose rotation is due and that ends the key's life.
fn due_secret_ends_at(key: &Key, wall: Timestamp) -> Option<Timestamp> {
    let end = key.secret_ends_at.filter(|end| key.expires_at.is_none_or(|e| *end <= e))?;
    (key.rotation?.due_at <= wall).then_some(end)
}
