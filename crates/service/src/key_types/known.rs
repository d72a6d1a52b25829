//! The key types in memory: the seeded ones, which never change, and those that tenants made, which
//! the store tells of at the start and after every change, on whichever node it was made.

use domain::{
    id::{Scope, TenantId},
    key_type::{KeyType, seeded},
};
use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

/// Every key type of the installation.
#[derive(Debug)]
pub(crate) struct KeyTypes {
    seeded: Vec<KeyType>,
    custom: RwLock<BTreeMap<(TenantId, String), KeyType>>,
}

impl KeyTypes {
    pub(crate) fn new() -> Self {
        Self { seeded: seeded(), custom: RwLock::default() }
    }

    /// Takes a tenant's type over, unless a newer state of it is known.
    pub(crate) fn apply(&self, of_type: KeyType) {
        let Some(tenant) = of_type.tenant else { return };
        let mut custom = self.custom.write().unwrap_or_else(PoisonError::into_inner);
        let known = custom.entry((tenant, of_type.name.clone()));
        known
            .and_modify(|known| {
                if known.version < of_type.version {
                    known.clone_from(&of_type);
                }
            })
            .or_insert(of_type);
    }

    /// The types that every installation has.
    pub(crate) fn seeded(&self) -> &[KeyType] {
        &self.seeded
    }

    /// The type of that name that `scope` may use.
    pub(crate) fn find(&self, scope: Scope, name: &str) -> Option<KeyType> {
        if let Some(seeded) = self.seeded.iter().find(|t| t.name == name) {
            return Some(seeded.clone());
        }
        let custom = self.custom.read().unwrap_or_else(PoisonError::into_inner);
        custom.get(&(scope.tenant()?, name.to_owned())).cloned()
    }

    /// The types that tenants made: those of one scope, or all of them; by tenant and name.
    pub(crate) fn custom(&self, scope: Option<Scope>) -> Vec<KeyType> {
        let custom = self.custom.read().unwrap_or_else(PoisonError::into_inner);
        match scope.map(Scope::tenant) {
            None => custom.values().cloned().collect(),
            Some(None) => Vec::new(),
            Some(Some(tenant)) => custom
                .range((tenant, String::new())..)
                .take_while(|((of, _), _)| *of == tenant)
                .map(|(_, of_type)| of_type.clone())
                .collect(),
        }
    }
}
