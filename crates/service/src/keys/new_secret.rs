//! A new secret for a key that stays what it is: its id, limits, permissions and history carry on.

use super::{Created, allowed, require_no_escalation, schedule::secret_ends_at};
use crate::{Service, caller::Caller, error::Error, key_policies::govern::govern_change};
use domain::{
    audit::{AuditEvent, Fact, Origin},
    id::{KeyId, Scope},
    key::Key,
    key_type::{Format, KeyType, Reveal},
    right::Deed,
    secret::{self, Secret, SecretDigest},
    tenant::Unacknowledged,
    time::Timestamp,
};
use std::sync::Arc;
use store::{Committed, Read, SealedDigest, StoredSecret, Tx};

/// How the new secret takes the old one's place.
#[derive(Clone, Debug)]
pub(super) struct Replacement {
    /// What the audit log calls it.
    pub(super) action: &'static str,
    /// How long the old secret works on.
    pub(super) overlap_s: u32,
    /// Whether a secret that still runs out from the last time may end now.
    pub(super) end_overlap: bool,
    /// What the key is for from then on, where that changes; the type lets it. Empty: nothing is said of it.
    pub(super) description: Option<String>,
    /// Whether the key's schedule wants it, and nobody asked.
    pub(super) scheduled: bool,
    /// Only if the key is still this version.
    pub(super) if_version: Option<u32>,
}

/// A new secret, made before the transaction, and the type that it is of.
pub(super) struct Drawn {
    of_type: KeyType,
    secret: Secret,
}

impl Drawn {
    pub(super) fn of(of_type: &KeyType, secret: Secret) -> Self {
        Self { of_type: of_type.clone(), secret }
    }

    fn keeps_text(&self) -> bool {
        self.of_type.reveal == Reveal::Recoverable
    }
}

impl Service {
    /// Gives a key another secret. `may` says whether the type lets it.
    pub(super) async fn replace_secret(
        &self,
        caller: &Caller,
        id: KeyId,
        how: Replacement,
        may: impl FnOnce(&KeyType) -> Result<(), Error>,
    ) -> Result<Created, Error> {
        let found = self.find_for(caller, id, Deed::Update).await?;
        let of_type = self.type_of(&found)?;
        may(&of_type)?;
        caller.require_fresh(self.now().wall)?;
        allowed::check_values(&found.name, how.description.as_deref())?;
        // Whoever gets the secret can do what the key can do.
        require_no_escalation(caller, &found.permissions)?;
        let drawn =
            Arc::new(Drawn::of(&of_type, self.drawn_secret(&of_type, found.scope, id).await?));
        let origin = caller.origin(self.now().wall);
        let (service, new) = (self.clone(), Arc::clone(&drawn));
        let key = self
            .store
            .write(move |tx: &mut Tx| {
                let before = store::keys::find_for_update(tx, Some(found.scope), id)?
                    .ok_or(Error::NotFound)?;
                // It may have waited for the lock: what ended meanwhile stays so.
                let origin = Origin { at: service.now().wall, ..origin.clone() };
                check(&before, &how, origin.at)?;
                service.replaced(tx, &before, &new, &how, &origin)
            })
            .await?;
        Ok(Created { key, secret: Secret::new(drawn.secret.expose().to_owned()) })
    }

    /// Writes the new secret of a key that is locked, and says so in the audit log.
    pub(super) fn replaced(
        &self,
        tx: &mut Tx,
        before: &Key,
        drawn: &Drawn,
        how: &Replacement,
        origin: &Origin,
    ) -> Result<Committed<Key>, Error> {
        let at = origin.at;
        let how = &match check_overlap(tx, before, how, at) {
            // Nobody is there to be told: the old one, which does not serve, ends at once.
            Err(Error::Conflict { .. }) if how.scheduled => {
                Replacement { overlap_s: 0, ..how.clone() }
            }
            checked => checked.map(|()| how.clone())?,
        };
        let old = store::keys::secrets_of(tx, before.id)?;
        let (stored, digests) = self.secrets_after(before, old, drawn, how, at)?;
        let rotation = before.rotation.map(|rotation| match how.scheduled {
            true => rotation.moved_on(at),
            false => rotation.schedule().starting(at),
        });
        let after = Key {
            version: before.version.saturating_add(1),
            hint: secret::hint(&drawn.secret),
            description: match &how.description {
                Some(text) => Some(text.clone()).filter(|text| !text.is_empty()),
                None => before.description.clone(),
            },
            // It was the old secret that somebody stored.
            acknowledged_at: None,
            rotation,
            secret_ends_at: secret_ends_at(&drawn.of_type, rotation),
            // Whoever asks for a new secret means to use it; a schedule means nothing.
            held_at: before.held_at.filter(|_| how.scheduled),
            ..before.clone()
        };
        govern_change(tx, &drawn.of_type, (before, &after), at)?;
        store::keys::set_unacknowledged_since(tx, before.id, at)?;
        store::keys::update(tx, &after, at)?;
        if after.held_at != before.held_at {
            store::key_policies::set_unused_since(tx, before.id, at)?;
        }
        store::keys::set_secrets(tx, before.id, &stored, &digests)?;
        let mut detail = vec![("overlapSeconds", Fact::Int(how.overlap_s.into()))];
        if how.scheduled {
            detail.push(("scheduled", Fact::Bool(true)));
        }
        if has_ended(before, at) {
            detail.push(("endedSecretReplaced", Fact::Bool(true)));
        }
        let subject = ("key", before.id.to_string());
        let event = AuditEvent::new(how.action, after.scope, origin.clone(), subject)
            .before(before.facts())
            .after(after.facts())
            .detail(detail);
        tx.commit(event, after).map_err(Error::from)
    }

    /// A new secret as the type has them for a key of this id, with the tenant's own prefix where the
    /// type takes it.
    pub(super) async fn drawn_secret(
        &self,
        of_type: &KeyType,
        scope: Scope,
        id: KeyId,
    ) -> Result<Secret, Error> {
        let own = match scope.tenant().filter(|_| of_type.tenant_prefix) {
            None => None,
            Some(tenant) => self
                .store
                .read(move |r: &mut Read| store::tenants::key_prefix(r, tenant))
                .await
                .map_err(|e: store::Error| Error::from(e))?,
        };
        let mut entropy = self.entropy.as_fn();
        match &of_type.format {
            Format::Uuid => Ok(secret::random_uuid(&mut entropy)),
            Format::Random { prefix } => {
                Ok(secret::random(own.as_deref().unwrap_or(prefix), &mut entropy))
            }
            Format::Jwt => self.key_jwt(id).await,
            Format::Chosen => Err(Error::conflict(
                "key_type",
                format!("this server makes no secrets for keys of type `{}`", of_type.name),
            )),
        }
    }

    /// The new secret, and before it the old one if it works on for a while.
    fn secrets_after(
        &self,
        key: &Key,
        old: Vec<StoredSecret>,
        drawn: &Drawn,
        how: &Replacement,
        at: Timestamp,
    ) -> Result<(Vec<StoredSecret>, Vec<SecretDigest>), Error> {
        let runs_out = |s: &StoredSecret| s.ends_at.is_some_and(|end| end > at);
        if old.iter().any(runs_out) && !how.end_overlap {
            return Err(Error::conflict(
                "overlap",
                "the secret before the current one still works: wait for the end of its overlap, or \
                 ask with `endOverlap` to end it now",
            ));
        }
        let current = old.into_iter().find(|secret| secret.ends_at.is_none());
        let slot = current.as_ref().map_or(0, |secret| 1 - secret.slot.min(1));
        let sealed = self
            .keyring
            .seal_secret(key, slot, &drawn.secret, drawn.keeps_text())
            .map_err(|e| Error::Internal(Box::new(e)))?;
        let (mut stored, mut digests) = (Vec::new(), Vec::new());
        // One that has ended, because nobody rotated in time, stays dead.
        if how.overlap_s > 0
            && !has_ended(key, at)
            && let Some(current) = current
        {
            digests.push(self.digest_of(key, &current)?);
            let ends_at = Some(at.plus_seconds(how.overlap_s.into()));
            stored.push(StoredSecret { ends_at, ..current });
        }
        stored.push(StoredSecret { created_at: Some(at), ..sealed });
        digests.push(drawn.secret.digest());
        Ok((stored, digests))
    }

    pub(crate) fn digest_of(
        &self,
        key: &Key,
        secret: &StoredSecret,
    ) -> Result<SecretDigest, Error> {
        let sealed = SealedDigest {
            scope: key.scope,
            key_id: key.id,
            key_type: key.key_type.clone(),
            slot: secret.slot,
            generation: secret.generation,
            sealed: secret.sealed_digest.clone(),
        };
        self.keyring
            .open_digest(&sealed)
            .ok_or_else(|| Error::Internal(Box::new(crate::seal::SealFailed)))
    }
}

fn check(before: &Key, how: &Replacement, at: Timestamp) -> Result<(), Error> {
    if how.if_version.is_some_and(|wanted| wanted != before.version) {
        return Err(Error::PreconditionFailed);
    }
    if before.is_revoked(at) {
        let why = "the key is revoked for good, a new secret would not work: create another key";
        return Err(Error::conflict("revoked", why));
    }
    if let Some(rotation) = before.rotation.filter(|rotation| how.overlap_s > rotation.period_s()) {
        let days = rotation.every_days;
        let wanted = format!("must not be longer than the {days} days of the key's schedule");
        return Err(Error::invalid("overlapSeconds", wanted));
    }
    Ok(())
}

/// Whether the current secret has ended, because it was due and nobody rotated.
fn has_ended(key: &Key, at: Timestamp) -> bool {
    key.secret_ends_at.is_some_and(|end| end <= at)
}

/// A key that its tenant's policy holds back, because nobody said that its secret is stored, gets no
/// overlap: the old secret would serve again.
fn check_overlap(tx: &mut Tx, before: &Key, how: &Replacement, at: Timestamp) -> Result<(), Error> {
    let Some(tenant) = before.scope.tenant().filter(|_| how.overlap_s > 0) else { return Ok(()) };
    let Some(since) = store::keys::unacknowledged_since(tx, before.id)? else { return Ok(()) };
    let policy = store::tenants::find_by_id(tx, tenant)?.map(|t| t.unacknowledged);
    match policy.and_then(Unacknowledged::minutes) {
        Some(minutes) if since.plus_seconds(i64::from(minutes) * 60) <= at => {
            let why = "nobody acknowledged the secret, and so it does not serve: acknowledge it first, \
                       or rotate with an overlap of 0";
            Err(Error::conflict("unacknowledged", why))
        }
        _ => Ok(()),
    }
}
