//! What becomes of keys, measured by what is there.

use super::{Imported, Ready};
use crate::{
    error::Error,
    key_policies::govern::{Breach, Made, Room, is_live, settled},
    keys::{allowed::no_allow_list, taken::secret_taken, tenant_of},
};
use domain::{
    id::{KeyId, Scope},
    key::Key,
    key_policy::KeyPolicy,
    time::Timestamp,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, btree_map::Entry},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};
use store::{
    Read,
    keys::{Holder, ImportedKey},
};

/// What is there of tenants and secrets that a batch names.
pub(super) struct Known {
    holders: Arc<HashMap<[u8; 32], Holder>>,
    /// `None`: it is not there; else whether its keys need an allow-list.
    scopes: BTreeMap<Scope, Option<bool>>,
    /// What governs the keys of these scopes and types, where something does.
    policies: BTreeMap<(Scope, String), (KeyPolicy, Room)>,
    /// When the import is: lives are counted from then on.
    at: Timestamp,
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
    /// The policy for keys of its type is against it.
    Against(Breach),
    /// Its tenant is not there.
    NoTenant,
}

/// What an import met so far.
#[derive(Default)]
pub(super) struct Seen {
    /// Secrets, by half of their look-up value, and the keys that they came with.
    secrets: HashMap<[u8; 16], (KeyId, u64)>,
    /// Keys that it makes.
    made: Made,
}

impl Known {
    /// Looks up what the batch names.
    pub(super) fn about(
        r: &mut Read,
        batch: &[Ready],
        at: Timestamp,
    ) -> Result<Self, store::Error> {
        let lookups: Vec<[u8; 32]> =
            batch.iter().flat_map(|one| one.lookups.iter().copied()).collect();
        let mut scopes = BTreeMap::new();
        for one in batch {
            let scope = one.key.key.scope;
            if let Entry::Vacant(unknown) = scopes.entry(scope) {
                unknown.insert(needs_allow_list(r, scope)?);
            }
        }
        let holders = Arc::new(store::keys::holders(r, &lookups)?);
        Ok(Self { holders, scopes, policies: policies(r, batch, at)?, at })
    }

    /// The same, tenants and policies looked up anew: a tenant that ended meanwhile gets no keys.
    pub(super) fn looked_up_again(
        &self,
        r: &mut Read,
        batch: &[Ready],
    ) -> Result<Self, store::Error> {
        let scopes = self.scopes.keys().map(|scope| Ok((*scope, needs_allow_list(r, *scope)?)));
        let scopes = scopes.collect::<Result<_, store::Error>>()?;
        let (holders, policies) = (Arc::clone(&self.holders), policies(r, batch, self.at)?);
        Ok(Self { holders, scopes, policies, at: self.at })
    }

    /// The key with the end that its policy gives it; `None`: it is as it shall be.
    pub(super) fn settled(&self, one: &Ready) -> Option<ImportedKey> {
        let key = &one.key.key;
        let (policy, _) = self.policies.get(&(key.scope, key.key_type.clone()))?;
        let after = settled(policy, &one.of_type, key, self.at).ok()?;
        (after != *key).then(|| ImportedKey { key: after, ..one.key.clone() })
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
        match seen.secrets.get(&place) {
            None => {
                if let Err(breach) = self.govern(one, &mut seen.made) {
                    return Found::Against(breach);
                }
                seen.secrets.insert(place, (key.id, sameness(key)));
                Found::Free(key.id)
            }
            Some((id, same)) if *same == sameness(key) => Found::Met(*id),
            Some(_) => Found::Taken,
        }
    }

    fn govern(&self, one: &Ready, made: &mut Made) -> Result<(), Breach> {
        if self.policies.is_empty() {
            return Ok(());
        }
        let key = &one.key.key;
        let Some((policy, room)) = self.policies.get(&(key.scope, key.key_type.clone())) else {
            return Ok(());
        };
        let key = settled(policy, &one.of_type, key, self.at)?;
        if is_live(&key, self.at) { room.admit(&key, made) } else { Ok(()) }
    }
}

/// What governs the keys of a batch, and how many there are already.
fn policies(
    r: &mut Read,
    batch: &[Ready],
    at: Timestamp,
) -> Result<BTreeMap<(Scope, String), (KeyPolicy, Room)>, store::Error> {
    let mut found = BTreeMap::new();
    for (scope, key_type) in types(batch) {
        let Some(policy) = store::key_policies::governing(r, scope, &key_type)? else { continue };
        let keys = batch.iter().map(|one| &one.key.key);
        let of_type = keys.filter(|key| key.scope == scope && key.key_type == key_type);
        let room = Room::of(r, &policy, of_type, at)?;
        found.insert((scope, key_type), (policy, room));
    }
    Ok(found)
}

/// The scopes and types of a batch.
pub(super) fn types(batch: &[Ready]) -> BTreeSet<(Scope, String)> {
    let keys = batch.iter().map(|one| &one.key.key);
    let mut types: Vec<(Scope, &str)> = keys.map(|key| (key.scope, &*key.key_type)).collect();
    // Most keys of a file are of one type: their names are not copied a thousand times.
    types.dedup();
    types.into_iter().map(|(scope, name)| (scope, name.to_owned())).collect()
}

impl Found {
    pub(super) fn outcome(self) -> Imported {
        match self {
            Self::Free(id) => Imported::Created(id),
            Self::Exists(id) | Self::Met(id) => Imported::Exists(id),
            Self::Taken => Imported::Refused(secret_taken()),
            Self::Open => Imported::Refused(no_allow_list()),
            Self::Against(breach) => Imported::Refused(breach.into()),
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
