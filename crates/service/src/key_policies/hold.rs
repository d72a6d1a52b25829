//! Keys that nobody uses are held back: `DISABLED` until somebody enables them.

use super::{FOUND_AT_ONCE, WRITTEN_AT_ONCE, subject_key};
use crate::{Service, error::Error};
use domain::{
    actor::Actor,
    audit::{AuditEvent, Fact, Origin},
    id::{KeyId, Scope},
    key::Key,
    key_policy::KeyPolicy,
    time::Timestamp,
};
use store::{Committed, Read, Tx};

/// Rows of the journal of uses that are rolled up at once.
const ROLL_UP_ROWS: u32 = 600;

/// What is done to one key, if it is still to be done.
pub(super) type Change = fn(&mut Tx, Scope, KeyId, Timestamp) -> Result<Option<AuditEvent>, Error>;

/// Why a write changed nothing.
enum Stopped {
    NothingToDo,
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What the audit log says of who does it.
pub(super) fn job(at: Timestamp) -> Origin {
    Origin {
        actor: Actor::system("lifetime policies"),
        address: None,
        request_id: "job".to_owned(),
        at,
    }
}

impl Service {
    /// Holds back the keys that were not used for as long as their policy says. What memory knows of uses
    /// is written first; other nodes write theirs each second, and [`Self::release_keys`] undoes what
    /// one of them shows to be wrong.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn hold_unused_keys(&self) -> Result<(), Error> {
        let policies: Vec<KeyPolicy> = self
            .store
            .read(|r: &mut Read| -> Result<_, store::Error> {
                let mut policies = store::key_policies::list(r)?;
                let mut kept = Vec::new();
                for policy in policies.drain(..) {
                    if is_in_service(r, policy.scope)? {
                        kept.push(policy);
                    }
                }
                Ok(kept)
            })
            .await?;
        if policies.iter().all(|policy| policy.unused_days.is_none()) {
            return Ok(());
        }
        self.write_uses().await?;
        for policy in policies.iter().filter(|policy| policy.unused_days.is_some()) {
            let of_scope: Vec<KeyPolicy> =
                policies.iter().filter(|other| other.scope == policy.scope).cloned().collect();
            for name in self.governed_types(policy, &of_scope) {
                self.hold_unused_of(policy, name).await?;
            }
        }
        Ok(())
    }

    /// Brings every use that this node knows of to where it is asked for.
    async fn write_uses(&self) -> Result<(), Error> {
        if !self.flush_usage().await {
            return Err(Error::Unavailable { retry_after_s: 1 });
        }
        let now = self.now().wall.plus_millis(1);
        let roll_up = move |b: &mut store::Bookkeeping| store::usage::roll_up(b, now, ROLL_UP_ROWS);
        let rows = usize::try_from(ROLL_UP_ROWS).unwrap_or(usize::MAX);
        while self.store.record(roll_up).await? >= rows {}
        Ok(())
    }

    async fn hold_unused_of(&self, policy: &KeyPolicy, key_type: String) -> Result<(), Error> {
        let scope = policy.scope;
        loop {
            let at = self.now().wall;
            let Some(since) = policy.unused_since(at) else { return Ok(()) };
            let name = key_type.clone();
            let found: Vec<KeyId> = self
                .store
                .read(move |r: &mut Read| {
                    store::key_policies::list_unused(r, (scope, &name), since, at, FOUND_AT_ONCE)
                })
                .await
                .map_err(|e: store::Error| Error::from(e))?;
            let mut held = 0;
            for ids in found.chunks(WRITTEN_AT_ONCE) {
                held += self.change_each(scope, ids.to_vec(), at, hold_one).await?;
            }
            // Without any progress the next round would find the same keys.
            if found.len() < usize::try_from(FOUND_AT_ONCE).unwrap_or(usize::MAX) || held == 0 {
                return Ok(());
            }
        }
    }

    /// Changes each of these keys that `change` still finds something to do with; how many it were.
    pub(super) async fn change_each(
        &self,
        scope: Scope,
        ids: Vec<KeyId>,
        at: Timestamp,
        change: Change,
    ) -> Result<usize, Error> {
        let written = self
            .store
            .write(move |tx: &mut Tx| -> Result<Committed<usize>, Stopped> {
                let mut events = Vec::new();
                for id in &ids {
                    events.extend(change(tx, scope, *id, at)?);
                }
                let changed = events.len();
                if changed == 0 {
                    return Err(Stopped::NothingToDo);
                }
                Ok(tx.commit_all(events, changed)?)
            })
            .await;
        match written {
            Ok(changed) => Ok(changed),
            Err(Stopped::NothingToDo) => Ok(0),
            Err(Stopped::Failed(error)) => Err(error),
        }
    }
}

/// A key as it is now, which may be another than when it was found.
fn hold_one(
    tx: &mut Tx,
    scope: Scope,
    id: KeyId,
    at: Timestamp,
) -> Result<Option<AuditEvent>, Error> {
    let Some(before) = store::keys::find_for_update(tx, Some(scope), id)? else {
        return Ok(None);
    };
    let ended = before.unavailable_at().is_some_and(|end| end <= at);
    let policy = store::key_policies::governing(tx, scope, &before.key_type)?;
    let days = policy.as_ref().and_then(|policy| policy.unused_days);
    let since = policy.as_ref().and_then(|policy| policy.unused_since(at));
    let (Some(days), Some(since)) = (days, since) else { return Ok(None) };
    let last = store::key_policies::last_activity(tx, id)?;
    if ended || !before.enabled || before.held_at.is_some() || last.is_none_or(|at| at > since) {
        return Ok(None);
    }
    let version = before.version.saturating_add(1);
    let after = Key { held_at: Some(at), version, ..before.clone() };
    store::keys::update(tx, &after, at)?;
    let event = AuditEvent::new("key.hold", scope, job(at), subject_key(id))
        .before(before.facts())
        .after(after.facts())
        .detail(vec![("unusedDays", Fact::Int(days.into()))]);
    Ok(Some(event))
}

/// Whether the scope's keys could be used at all.
fn is_in_service(r: &mut Read, scope: Scope) -> Result<bool, store::Error> {
    match scope {
        Scope::Cluster => Ok(true),
        Scope::Tenant(id) => {
            Ok(store::tenants::find_by_id(r, id)?.is_some_and(|tenant| tenant.enabled))
        }
    }
}
