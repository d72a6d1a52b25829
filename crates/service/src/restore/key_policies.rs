//! Merges what policies said of the lives and the number of keys: what was stricter then is strict again.

use super::{merge::about, restoring};
use crate::{Service, error::Error};
use domain::{id::Scope, key_policy::KeyPolicy};
use store::{Read, Tx};

impl Service {
    /// Says whether the policy of this id is stricter now.
    pub(super) async fn merge_key_policy(&self, newer: &Self, id: &str) -> Result<bool, Error> {
        let Some((scope, key_type)) = read_id(id) else { return Ok(false) };
        let find = |name: String| move |r: &mut Read| store::key_policies::find(r, scope, &name);
        let was: Option<KeyPolicy> = self.store.read(find(key_type.clone())).await?;
        // One that was deleted is a loss: it let keys do more.
        let Some(is): Option<KeyPolicy> = newer.store.read(find(key_type)).await? else {
            return Ok(false);
        };
        let after = match &was {
            None => KeyPolicy { version: 1, ..is },
            Some(was) => was.tightened(&is),
        };
        if was.as_ref() == Some(&after) {
            return Ok(false);
        }
        let (origin, subject) = (restoring(self.now().wall), ("key_policy", id.to_owned()));
        self.store
            .write(move |tx: &mut Tx| {
                let event = about("key_policy.set", scope, &origin, subject.clone());
                let Some(was) = &was else {
                    store::key_policies::insert(tx, &after)?;
                    return Ok(tx.commit(event.after(after.facts()), true)?);
                };
                let after = KeyPolicy { version: was.version.saturating_add(1), ..after.clone() };
                store::key_policies::update(tx, &after)?;
                Ok(tx.commit(event.before(was.facts()).after(after.facts()), true)?)
            })
            .await
    }
}

/// Whose keys, and of which type.
fn read_id(id: &str) -> Option<(Scope, String)> {
    let (scope, key_type) = id.split_once('/')?;
    Some((Scope::parse(scope).ok()?, key_type.to_owned()))
}
