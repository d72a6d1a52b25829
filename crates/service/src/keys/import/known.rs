//! What becomes of keys, measured by what is there.

use super::{Imported, Ready};
use crate::{
    error::Error,
    keys::{allowed::no_allow_list, taken::secret_taken, tenant_of},
};
use domain::{
    id::{KeyId, Scope},
    key::Key,
};
use std::{
    collections::{BTreeMap, HashMap, btree_map::Entry},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};
use store::{Read, keys::Holder};

/// What is there of tenants and secrets that a batch names.
pub(super) struct Known {
    holders: Arc<HashMap<[u8; 32], Holder>>,
    /// `None`: it is not there; else whether its keys need an allow-list.
    scopes: BTreeMap<Scope, Option<bool>>,
}

/// What became of one key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// Nobody has the secret: the key can be made.
    Free(KeyId),
    /// An import brought it before.
    Exists(KeyId),
    /// The same import brought it before.
    Met(KeyId),
    /// Another key has the secret.
    Taken,
    /// It would be accepted from anywhere, which its tenant does not want.
    Open,
    /// Its tenant is not there.
    NoTenant,
}

/// Secrets that an import met, by half of their look-up value, and the keys that they came with.
#[derive(Default)]
pub(super) struct Seen(HashMap<[u8; 16], (KeyId, u64)>);

impl Known {
    /// Looks up what the batch names.
    pub(super) fn about(r: &mut Read, batch: &[Ready]) -> Result<Self, store::Error> {
        let lookups: Vec<[u8; 32]> =
            batch.iter().flat_map(|one| one.lookups.iter().copied()).collect();
        let mut scopes = BTreeMap::new();
        for one in batch {
            let scope = one.key.key.scope;
            if let Entry::Vacant(unknown) = scopes.entry(scope) {
                unknown.insert(needs_allow_list(r, scope)?);
            }
        }
        Ok(Self { holders: Arc::new(store::keys::holders(r, &lookups)?), scopes })
    }

    /// The same, its tenants looked up anew: one that ended meanwhile gets no keys.
    pub(super) fn with_scopes_of(&self, r: &mut Read) -> Result<Self, store::Error> {
        let scopes = self.scopes.keys().map(|scope| Ok((*scope, needs_allow_list(r, *scope)?)));
        let scopes = scopes.collect::<Result<_, store::Error>>()?;
        Ok(Self { holders: Arc::clone(&self.holders), scopes })
    }

    /// Says of each key what becomes of it, in order.
    pub(super) fn judge(&self, batch: &[Ready], seen: &mut Seen) -> Vec<Found> {
        batch.iter().map(|one| self.judge_one(one, seen)).collect()
    }

    fn judge_one(&self, one: &Ready, seen: &mut Seen) -> Found {
        let key = &one.key.key;
        let Some(needs_list) = self.scopes.get(&key.scope).copied().flatten() else {
            return Found::NoTenant;
        };
        if let Some(holder) = one.lookups.iter().find_map(|lookup| self.holders.get(lookup)) {
            let same = holder.imported
                && holder.scope == key.scope
                && holder.key_type == key.key_type
                && holder.name == key.name;
            return if same { Found::Exists(holder.id) } else { Found::Taken };
        }
        if needs_list && one.is_open {
            return Found::Open;
        }
        let place = one.key.secret.lookup.first_chunk().copied().unwrap_or_default();
        match seen.0.get(&place) {
            None => {
                seen.0.insert(place, (key.id, sameness(key)));
                Found::Free(key.id)
            }
            Some((id, same)) if *same == sameness(key) => Found::Met(*id),
            Some(_) => Found::Taken,
        }
    }
}

impl Found {
    pub(super) fn outcome(self) -> Imported {
        match self {
            Self::Free(id) => Imported::Created(id),
            Self::Exists(id) | Self::Met(id) => Imported::Exists(id),
            Self::Taken => Imported::Refused(secret_taken()),
            Self::Open => Imported::Refused(no_allow_list()),
            Self::NoTenant => {
                Imported::Refused(Error::invalid("tenant", "there is no such tenant"))
            }
        }
    }
}

/// Whether the tenant wants an allow-list of its keys (AL-01); `None`: it is not there.
fn needs_allow_list(r: &mut Read, scope: Scope) -> Result<Option<bool>, store::Error> {
    let tenant = tenant_of(r, scope)?;
    Ok(tenant.map(|tenant| tenant.is_some_and(|tenant| tenant.allow_list_required)))
}

/// What must be equal for two keys of one secret to be the same.
fn sameness(key: &Key) -> u64 {
    let mut hasher = DefaultHasher::new();
    (key.scope, &key.key_type, &key.name).hash(&mut hasher);
    hasher.finish()
}
