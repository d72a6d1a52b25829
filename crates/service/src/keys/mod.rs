//! Keys. One operation, one file; what several of them share stands here.
//!
//! Which rights an operation needs follows from the family of the key's type ([`Service::create_key`]
//! and its siblings ask first thing); which settings may change and what may be done to a key is data
//! of its type (`domain::key_type`).

mod acknowledge;
mod allowed;
mod audit;
mod copy;
mod create;
mod delete;
mod examine;
mod export;
mod extend_overlap;
mod find;
mod import;
pub(crate) mod jwt;
mod list;
mod look_up;
mod new_secret;
mod notes;
mod overlap;
mod reference;
mod regenerate;
mod retire_secret;
mod reveal;
mod revoke;
mod rotate;
mod rotate_due;
mod schedule;
mod secrets;
mod show;
mod strength;
mod taken;
mod update;
mod usage;
mod validate;

pub use acknowledge::may_acknowledge;
pub(crate) use allowed::check_limit;
use allowed::require_allow_list;
pub use copy::CopyKey;
pub use create::{CreateKey, Created};
pub use domain::key_policy::MAX_DAYS;
pub use examine::{Examined, ImaginedCall, Told};
pub use export::Export;
pub use import::{Given, Import, ImportKey, Imported, MAX_BATCH};
pub(crate) use jwt::KnownSigners;
pub use jwt::{InspectedJwt, NotGenuine};
pub(crate) use list::WholeLists;
pub use list::{KeyPage, ListKeys, MAX_PAGE, StatusFilter, WHOLE_LIST_PAGE, WholeList};
pub use notes::KeyNote;
pub use reference::KeyRef;
pub use revoke::RevokeKey;
pub use rotate::{MAX_OVERLAP_S, RotateKey};
pub use schedule::schedule;
pub use secrets::KeySecret;
pub(crate) use taken::TakenAnswers;
pub use update::{LimitChange, UpdateKey, bad_limit};
pub use usage::{UsageOfKey, UsagePart, UsageStep};
pub use validate::Validity;

/// For a surface that serves keys of every type: then each key is judged by its own type's family.
pub const ALL_TYPES: &[&str] = &[];

use crate::{Service, caller::Caller, error::Error};
use domain::{
    actor::PrincipalId,
    id::{KeyId, PersonId, Scope},
    key::Key,
    key_type::{KeyType, VERIFY_PERMISSION},
    permission::Permission,
    right::{Deed, Family, Right, Rights},
    tenant::Tenant,
};
use store::Read;

impl Service {
    /// The families of the key types that a surface serves.
    fn families(&self, key_types: &[&str]) -> Vec<Family> {
        let mut families: Vec<Family> = Vec::new();
        for of_type in
            self.key_types.seeded().iter().filter(|t| key_types.contains(&t.name.as_str()))
        {
            if !families.contains(&of_type.family) {
                families.push(of_type.family);
            }
        }
        families
    }

    /// Demands the rights for `deed` over every key type that the surface serves. Asked before any
    /// look-up, so that whoever lacks them learns nothing of what exists.
    pub(crate) fn require_deed(
        &self,
        caller: &Caller,
        key_types: &[&str],
        deed: Deed,
    ) -> Result<(), Error> {
        if key_types.is_empty() {
            return Ok(());
        }
        let needed = self
            .families(key_types)
            .into_iter()
            .fold(Rights::NONE, |all, family| all.union(family.rights_for(deed)));
        caller.require_rights(needed)
    }

    /// Demands the right for `deed` over one key. Who may not even see it is told that it is not there.
    fn require_over(&self, caller: &Caller, key: &Key, deed: Deed) -> Result<(), Error> {
        let family = self.type_of(key)?.family;
        if holds_over(caller, key, family, deed) {
            return Ok(());
        }
        if deed == Deed::See || !holds_over(caller, key, family, Deed::See) {
            return Err(Error::NotFound);
        }
        caller.require_rights(family.rights_for(deed))
    }

    /// The type of a stored key.
    fn type_of(&self, key: &Key) -> Result<KeyType, Error> {
        self.key_type(key.scope, &key.key_type).ok_or(Error::NotFound)
    }

    /// Finds what a path named among the keys that the caller may know of: those of the surface's
    /// types, in the caller's reach. Everything else is one answer.
    async fn find_reachable(
        &self,
        caller: &Caller,
        reference: &KeyRef<'_>,
        key_types: &[&str],
        deed: Deed,
    ) -> Result<Key, Error> {
        let found = match reference {
            KeyRef::Id(id) => {
                let id = *id;
                self.store.read(move |r: &mut Read| store::keys::find_by_id(r, None, id)).await?
            }
            KeyRef::Secret(text) => {
                let lookups = self.keyring.lookups(&domain::secret::SecretDigest::of(text));
                self.store
                    .read(move |r: &mut Read| store::keys::find_by_lookup(r, &lookups))
                    .await?
                    .map(|(key, _slot)| key)
            }
        };
        let served = |key: &Key| key_types.is_empty() || key_types.contains(&key.key_type.as_str());
        let key =
            found.filter(|key| served(key) && caller.reaches(key.scope)).ok_or(Error::NotFound)?;
        if key_types.is_empty() {
            self.require_over(caller, &key, deed)?;
        }
        Ok(key)
    }

    /// The key of this id, of whatever type, with the right for `deed` over it.
    async fn find_for(&self, caller: &Caller, id: KeyId, deed: Deed) -> Result<Key, Error> {
        self.find_reachable(caller, &KeyRef::Id(id), ALL_TYPES, deed).await
    }
}

/// A personal key is its owner's own affair.
fn holds_over(caller: &Caller, key: &Key, family: Family, deed: Deed) -> bool {
    let own = family == Family::Personal
        && key.owner.is_some_and(|owner| caller.principal.id == PrincipalId::Person(owner));
    caller.has(family.rights_for(deed)) || (own && caller.holds(Right::PersonalKeysUse))
}

/// Demands the right to create; a personal key is its owner's own affair.
fn require_creation(caller: &Caller, family: Family, owner: Option<PersonId>) -> Result<(), Error> {
    let own = owner.is_some_and(|o| caller.principal.id == PrincipalId::Person(o));
    let needed: Rights = match family {
        Family::Personal if own => [Right::PersonalKeysUse].into_iter().collect(),
        Family::Personal
        | Family::Nexus
        | Family::Callback
        | Family::ExperienceCloud
        | Family::Native => family.rights_for(Deed::Create),
    };
    caller.require_rights(needed)
}

/// Demands that whoever makes or changes a key with these permissions holds what they amount to.
///
/// Permissions are no rights, but one of them opens what a right opens: asking for verifications.
fn require_no_escalation(caller: &Caller, permissions: &[Permission]) -> Result<(), Error> {
    if permissions.iter().any(|p| p.covers(VERIFY_PERMISSION)) {
        caller.require_rights([Right::KeysVerify].into_iter().collect())?;
    }
    Ok(())
}

/// The tenant of a scope: `None` where it is not there, `Some(None)` for the cluster.
fn tenant_of(r: &mut Read, scope: Scope) -> Result<Option<Option<Tenant>>, store::Error> {
    match scope {
        Scope::Cluster => Ok(Some(None)),
        Scope::Tenant(id) => Ok(store::tenants::find_by_id(r, id)?.map(Some)),
    }
}

/// Whether the tenant of a scope exists; the cluster always does.
pub(crate) fn scope_exists(r: &mut Read, scope: Scope) -> Result<bool, store::Error> {
    match scope {
        Scope::Cluster => Ok(true),
        Scope::Tenant(id) => Ok(store::tenants::find_by_id(r, id)?.is_some()),
    }
}
