//! Making a policy.

use super::subject;
use crate::{
    Service,
    caller::Caller,
    error::Error,
    rules::{chain_of, check_count, check_tenant, place_of_new},
};
use domain::{
    audit::AuditEvent,
    id::TenantId,
    policy::{Policy, Source},
};
use store::Tx;

/// A policy to make.
#[derive(Clone, Debug)]
pub struct CreatePolicy {
    /// Whose keys pass: `Some(None)` any tenant's; `None` those of the caller's tenant, and for the
    /// cluster any tenant's.
    pub tenant: Option<Option<TenantId>>,
    /// All else. Its tenant and its source say nothing.
    pub policy: Policy,
}

impl Service {
    /// Makes a policy.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`] for a tenant that is not there for this caller,
    /// [`Error::Invalid`], [`Error::Conflict`] when the name is taken, or when there are as many as
    /// there may be.
    pub async fn create_policy(
        &self,
        caller: &Caller,
        wanted: CreatePolicy,
    ) -> Result<Policy, Error> {
        let (tenant, owner) = place_of_new(caller, wanted.tenant)?;
        let origin = caller.origin(self.now().wall);
        let source = Source::Stored { owner, created_at: origin.at, version: 1 };
        let policy = Policy { tenant, source, ..wanted.policy };
        policy.check()?;
        let (service, configured) = (self.clone(), self.rules.configured());
        self.store
            .write(move |tx: &mut Tx| {
                let turn = store::rules::take_turn(tx)?;
                check_tenant(tx, &policy)?;
                service.check_policy(&policy)?;
                let others = store::policies::list(tx)?;
                if configured.policies.iter().any(|other| other.name == policy.name) {
                    return Err(store::Error::Conflict("policy").into());
                }
                check_count(&policy, others.iter().flatten())?;
                store::policies::insert(tx, &turn, &policy)?;
                let (chain, subject) = (chain_of(&policy), subject(&policy.name));
                let event = AuditEvent::new("policy.create", chain, origin.clone(), subject)
                    .after(policy.facts());
                Ok(tx.commit(event, policy.clone())?)
            })
            .await
    }
}
