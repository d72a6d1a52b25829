//! Merges what became of policies and routes of the gateway. A rule has no part that could be taken
//! away alone: one that is gone goes, one that was changed is what its administrators made of it last.

use super::{merge::about, restoring};
use crate::{Service, error::Error, rules::chain_of};
use domain::{
    gateway_route::GatewayRoute,
    policy::{Policy, Source},
};
use store::{Read, Tx};

impl Service {
    /// Says whether the policy of this name is another one now, or none.
    pub(super) async fn merge_policy(&self, newer: &Self, name: &str) -> Result<bool, Error> {
        let find = |name: String| move |r: &mut Read| store::policies::find(r, &name);
        let Some(was) = self.store.read(find(name.to_owned())).await? else { return Ok(false) };
        let is: Option<Policy> = newer.store.read(find(name.to_owned())).await?;
        let changed = is.as_ref().and_then(|is| replaced(&was, is));
        if is.as_ref().is_some_and(|is| changed.is_some() && same(&was, is)) {
            return Ok(false);
        }
        let (origin, subject) = (restoring(self.now().wall), ("policy", name.to_owned()));
        self.store
            .write(move |tx: &mut Tx| {
                let turn = store::rules::take_turn(tx)?;
                let (Some(is), Some(source)) = (&is, changed) else {
                    store::policies::delete(tx, &turn, &was.name)?;
                    let event = about("policy.delete", chain_of(&was), &origin, subject.clone());
                    return Ok(tx.commit(event.before(was.facts()), true)?);
                };
                let after = Policy { source, ..is.clone() };
                store::policies::update(tx, &turn, &after)?;
                let event = about("policy.update", chain_of(&was), &origin, subject.clone());
                Ok(tx.commit(event.before(was.facts()).after(after.facts()), true)?)
            })
            .await
    }

    /// The same of a route.
    pub(super) async fn merge_gateway_route(
        &self,
        newer: &Self,
        name: &str,
    ) -> Result<bool, Error> {
        let find = |name: String| move |r: &mut Read| store::gateway_routes::find(r, &name);
        let Some(was) = self.store.read(find(name.to_owned())).await? else { return Ok(false) };
        let is: Option<GatewayRoute> = newer.store.read(find(name.to_owned())).await?;
        let changed = is.as_ref().and_then(|is| replaced(&was.policy, &is.policy));
        let unchanged = |is: &GatewayRoute| {
            let policy = Policy { source: was.policy.source, ..is.policy.clone() };
            changed.is_some() && GatewayRoute { policy, ..is.clone() } == was
        };
        if is.as_ref().is_some_and(unchanged) {
            return Ok(false);
        }
        let (origin, subject) = (restoring(self.now().wall), ("gateway_route", name.to_owned()));
        self.store
            .write(move |tx: &mut Tx| {
                let turn = store::rules::take_turn(tx)?;
                let chain = chain_of(&was.policy);
                let (Some(is), Some(source)) = (&is, changed) else {
                    store::gateway_routes::delete(tx, &turn, &was.policy.name)?;
                    let event = about("gateway_route.delete", chain, &origin, subject.clone());
                    return Ok(tx.commit(event.before(was.facts()), true)?);
                };
                let policy = Policy { source, ..is.policy.clone() };
                let after = GatewayRoute { policy, ..is.clone() };
                store::gateway_routes::update(tx, &turn, &after)?;
                let event = about("gateway_route.update", chain, &origin, subject.clone());
                Ok(tx.commit(event.before(was.facts()).after(after.facts()), true)?)
            })
            .await
    }
}

/// The source that the newer state has in the restored database; `None`: it is another thing of the
/// same name, and this one is gone.
fn replaced(was: &Policy, is: &Policy) -> Option<Source> {
    match (was.source, is.source) {
        (
            Source::Stored { owner, created_at, .. },
            Source::Stored { owner: same_owner, created_at: same_instant, .. },
        ) if (owner, created_at, was.tenant) == (same_owner, same_instant, is.tenant) => {
            Some(was.source.changed())
        }
        _ => None,
    }
}

fn same(was: &Policy, is: &Policy) -> bool {
    Policy { source: was.source, ..is.clone() } == *was
}
