//! A successor for a realm's signing key: by command, by schedule, or because none signs.

use super::{MAX_PUBLISHED, PUBLISHED_BEFORE_S, ensure::system};
use crate::{Service, caller::Caller, error::Error, tenants};
use domain::{
    audit::{AuditEvent, Origin},
    id::{Scope, TenantId},
    signing::{Algorithm, SigningKey, Stage},
    tenant::Tenant,
    time::Timestamp,
};
use store::{
    Committed, Read, Tx,
    signing_keys::{SealedPrivate, StoredSigningKey},
};

const DAY_S: i64 = 86_400;
/// How long after its successor took over a key may still have signed: on a node that had not heard of
/// a rotation without notice.
const LATE_S: i64 = 900;

/// A rotation that somebody commands.
#[derive(Clone, Copy, Debug, Default)]
pub struct RotateSigningKey {
    /// How the realm signs from then on; `None`: as the tenant says.
    pub algorithm: Option<Algorithm>,
    /// Whether the successor signs at once, before anybody can know it.
    pub now: bool,
}

/// A key that is not stored yet.
pub(super) struct NewKey {
    pub(super) key: SigningKey,
    pub(super) private: SealedPrivate,
}

/// Which successor, and for what reason.
pub(super) struct Wanted {
    pub(super) tenant: TenantId,
    pub(super) algorithm: Option<Algorithm>,
    pub(super) now: bool,
    pub(super) why: Why,
}

pub(super) enum Why {
    /// No key of the realm signs.
    NoneSigns,
    /// It was commanded.
    Commanded,
    /// It is time for a successor of this one.
    Due { kid: String },
}

impl Service {
    /// Gives a realm's signing key a successor.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`]; [`Error::Conflict`] for a tenant without a realm, or
    /// where too many keys are published already.
    pub async fn rotate_signing_key(
        &self,
        caller: &Caller,
        tenant: TenantId,
        rotate: RotateSigningKey,
    ) -> Result<SigningKey, Error> {
        tenants::require_over(caller, tenant)?;
        let RotateSigningKey { algorithm, now } = rotate;
        let wanted = Wanted { tenant, algorithm, now, why: Why::Commanded };
        let _turn = self.signing.making.lock().await;
        self.put_key(&wanted, &caller.origin(self.now().wall)).await
    }

    /// Gives a successor to every key that is old enough, or signs in another way than its tenant wants.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn rotate_due_signing_keys(&self) -> Result<(), Error> {
        let at = self.now().wall;
        let before = at.plus_seconds(-DAY_S * i64::from(self.settings.signing_key_days));
        let due: Vec<(TenantId, String)> = self
            .store
            .read(move |r: &mut Read| store::signing_keys::list_for_rotation(r, before))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let mut outcome = Ok(());
        for (tenant, kid) in due {
            let wanted = Wanted { tenant, algorithm: None, now: false, why: Why::Due { kid } };
            match self.put_key(&wanted, &system(at)).await {
                // Another node, or a command, was first; or the tenant has ended.
                Ok(_) | Err(Error::Conflict { .. } | Error::NotFound) => {}
                // One realm keeps no other from its turn.
                Err(error) => outcome = Err(error),
            }
        }
        outcome
    }

    /// Gives the key of a realm a successor if the tenant wants to sign in another way than it does. If
    /// that fails, the schedule sees to it.
    pub(crate) async fn follow_algorithm(&self, caller: &Caller, tenant: TenantId) {
        // Before all there is, none is old enough.
        let never = Timestamp::from_millis(i64::MIN);
        let due = self.store.read(move |r: &mut Read| {
            store::signing_keys::list_for_rotation(r, never)
                .map(|due| due.into_iter().find(|(of, _)| *of == tenant))
        });
        let outcome = match due.await.map_err(|e: store::Error| Error::from(e)) {
            Ok(None) => return,
            Ok(Some((_, kid))) => {
                let wanted = Wanted { tenant, algorithm: None, now: false, why: Why::Due { kid } };
                self.put_key(&wanted, &caller.origin(self.now().wall)).await.map(drop)
            }
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            tracing::warn!(%tenant, %error, "a signing key has no successor yet; the next round makes one");
        }
    }

    pub(super) async fn put_key(
        &self,
        wanted: &Wanted,
        origin: &Origin,
    ) -> Result<SigningKey, Error> {
        let id = wanted.tenant;
        let tenant = self
            .store
            .read(move |r: &mut Read| store::tenants::find_by_id(r, id))
            .await
            .map_err(|e: store::Error| Error::from(e))?
            .ok_or(Error::NotFound)?;
        require_realm(&tenant, &wanted.why)?;
        let algorithm = wanted.algorithm.unwrap_or(tenant.signing_algorithm);
        let at = origin.at;
        let signs_from = if wanted.now { at } else { at.plus_seconds(PUBLISHED_BEFORE_S) };
        let made = self.make_signing_key(id, algorithm, at, signs_from).await?;
        let turn = Turn {
            kid: match &wanted.why {
                Why::Due { kid } => Some(kid.clone()),
                Why::NoneSigns | Why::Commanded => None,
            },
            none_signs: matches!(wanted.why, Why::NoneSigns),
            sets_algorithm: wanted.algorithm.is_some(),
            origin: origin.clone(),
            made,
        };
        self.store.write(move |tx| turn.take(tx)).await
    }
}

/// One rotation, ready to be written; it may run several times.
struct Turn {
    /// The key that must still be the newest.
    kid: Option<String>,
    /// That no key signs must still be so.
    none_signs: bool,
    sets_algorithm: bool,
    origin: Origin,
    made: NewKey,
}

impl Turn {
    fn take(&self, tx: &mut Tx) -> Result<Committed<SigningKey>, Error> {
        let id = self.made.key.tenant;
        // Whoever else rotates waits here until this one is written.
        let tenant = store::tenants::find_for_update(tx, id)?.ok_or(Error::NotFound)?;
        let keys = store::signing_keys::list_by_tenant(tx, id)?;
        let at = self.origin.at;
        self.check(&tenant, &keys, at)?;
        // A realm that never signed needs no hour: nobody keeps a set of its keys without one.
        let first = !keys.iter().any(|of| of.key.stage(at) == Stage::Signing);
        let signs_from = if first { at } else { self.made.key.signs_from };
        let key = SigningKey { signs_from, ..self.made.key.clone() };
        let mut events = Vec::new();
        if self.sets_algorithm && tenant.signing_algorithm != key.algorithm {
            events.push(self.set_algorithm(tx, &tenant)?);
        }
        let longest_s = store::signing_keys::longest_life_s(tx, id)?.saturating_add(LATE_S);
        for StoredSigningKey { key: before, .. } in &keys {
            let after = before.succeeded(signs_from, at, longest_s);
            if after != *before {
                let retired = after.signs_until.is_some_and(|until| until <= at);
                store::signing_keys::update(tx, &after, retired)?;
            }
        }
        store::signing_keys::insert(tx, &key, &self.made.private)?;
        let action = if keys.is_empty() { "signing_key.create" } else { "signing_key.rotate" };
        let newest = keys.iter().find(|of| of.key.signs_until.is_none());
        let event = AuditEvent::new(action, Scope::Tenant(id), self.origin.clone(), subject(&key))
            .before(newest.map(|of| of.key.facts()).unwrap_or_default())
            .after(key.facts());
        events.push(event);
        Ok(tx.commit_all(events, key)?)
    }

    fn check(
        &self,
        tenant: &Tenant,
        keys: &[StoredSigningKey],
        at: Timestamp,
    ) -> Result<(), Error> {
        let newest = keys.iter().find(|of| of.key.signs_until.is_none());
        let other = self.kid.as_ref().is_some_and(|kid| newest.map(|of| &of.key.kid) != Some(kid));
        let signs = keys.iter().any(|of| of.key.stage(at) == Stage::Signing);
        if other || (self.none_signs && signs) {
            return Err(Error::conflict("signing_key", "the key has a successor already"));
        }
        if tenant.realm.is_none() {
            return Err(no_realm());
        }
        if keys.iter().filter(|of| of.key.is_published(at)).count() >= MAX_PUBLISHED {
            let why = format!(
                "the realm publishes {MAX_PUBLISHED} keys; wait until tokens of the oldest have ended"
            );
            return Err(Error::conflict("signing_keys", why));
        }
        Ok(())
    }

    fn set_algorithm(&self, tx: &mut Tx, before: &Tenant) -> Result<AuditEvent, Error> {
        let after = Tenant {
            signing_algorithm: self.made.key.algorithm,
            version: before.version.saturating_add(1),
            ..before.clone()
        };
        store::tenants::update(tx, &after)?;
        let (scope, origin) = (Scope::Tenant(after.id), self.origin.clone());
        Ok(AuditEvent::new("tenant.update", scope, origin, tenants::subject(after.id))
            .before(before.facts())
            .after(after.facts()))
    }
}

fn require_realm(tenant: &Tenant, why: &Why) -> Result<(), Error> {
    match (&tenant.realm, why) {
        (Some(_), _) => Ok(()),
        (None, Why::NoneSigns) => Err(Error::NotFound),
        (None, _) => Err(no_realm()),
    }
}

fn no_realm() -> Error {
    Error::conflict("realm", "the tenant has no realm, which would sign: give it one first")
}

/// A signing key as the audit log names it.
pub(super) fn subject(key: &SigningKey) -> (&'static str, String) {
    ("signing_key", key.kid.clone())
}
