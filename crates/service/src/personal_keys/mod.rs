//! The personal key of whoever calls: one a person, in their own hands. Keys of others are `keys`.

mod create;
mod delete;
mod list;
mod regenerate;
mod show;

pub use show::PersonalKey;

use crate::{Service, caller::Caller, error::Error};
use domain::{
    actor::PrincipalId,
    id::{PersonId, Scope},
    key::Key,
    key_type::PERSONAL_TYPE,
    right::Right,
    time::Timestamp,
};
use store::Read;

/// The person who calls, with the right to have such a key.
fn owner(caller: &Caller) -> Result<(PersonId, Scope), Error> {
    let PrincipalId::Person(person) = caller.principal.id else {
        return Err(Error::NotAllowed { right: None });
    };
    caller.require_rights([Right::PersonalKeysUse].into_iter().collect())?;
    match caller.scope() {
        // Such a key may do what roles of a tenant say, and so the cluster's persons have none.
        Scope::Cluster => Err(Error::NotAllowed { right: None }),
        tenant @ Scope::Tenant(_) => Ok((person, tenant)),
    }
}

impl Service {
    /// The caller's own: the one that serves, or the newest of those that were revoked.
    async fn own_personal_key(&self, caller: &Caller) -> Result<Key, Error> {
        let (owner, _) = owner(caller)?;
        let at = self.now().wall;
        let found = self
            .store
            .read(move |r: &mut Read| store::keys::list_by_owner(r, owner))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        chosen(found, at).ok_or(Error::NotFound)
    }
}

/// Of a person's keys, newest first.
fn chosen(keys: Vec<Key>, at: Timestamp) -> Option<Key> {
    let mut personal = keys.into_iter().filter(|key| key.key_type == PERSONAL_TYPE);
    let newest = personal.next()?;
    if newest.is_revoked(at) {
        return personal.find(|key| !key.is_revoked(at)).or(Some(newest));
    }
    Some(newest)
}
