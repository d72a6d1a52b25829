//! Changing a policy: what is named changes, the rest stays; its name and its tenant always do.

use super::subject;
use crate::{
    Service,
    caller::Caller,
    error::Error,
    rules::{chain_of, require_over},
    unchanged::{Stopped, check_version, settled},
};
use domain::{
    audit::AuditEvent,
    key_type::Place,
    policy::{Envelope, IdentityHeaders, LimitedAs, Policy, Tokens, Wanted},
    rate_limit::Limit,
};
use std::sync::Arc;
use store::{Committed, Tx};

/// The change; `None` leaves a value as it is, `Some(None)` takes it away.
#[derive(Clone, Debug, Default)]
pub struct UpdatePolicy {
    /// The key types that pass.
    pub key_types: Option<Vec<String>>,
    /// The permissions that a key must hold.
    pub wanted: Option<Wanted>,
    /// Where a key may be presented.
    pub presented_in: Option<Vec<Place>>,
    /// Whether access tokens pass, too.
    pub tokens: Option<Tokens>,
    /// Units that a call takes from the key's limit.
    pub cost: Option<u32>,
    /// A ceiling over all calls together.
    pub limit: Option<Option<Limit>>,
    /// How a call over a limit is refused.
    pub limited_as: Option<LimitedAs>,
    /// In whose words a refusal is said.
    pub envelope: Option<Envelope>,
    /// Under which names the upstream learns whose key it was.
    pub identity: Option<IdentityHeaders>,
    /// Only if it is still this version.
    pub if_version: Option<u32>,
}

impl Service {
    /// Changes a policy. `agree` holds what else the caller said of it against what is stored.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] also for one of the tenant's that the cluster made,
    /// [`Error::Invalid`], [`Error::Conflict`] for one of the configuration,
    /// [`Error::PreconditionFailed`].
    pub async fn update_policy(
        &self,
        caller: &Caller,
        name: &str,
        update: UpdatePolicy,
        agree: impl FnOnce(&Policy) -> Result<(), Error>,
    ) -> Result<Policy, Error> {
        let found = self.show_policy(caller, name)?;
        require_over(caller, &found)?;
        agree(&found)?;
        let origin = caller.origin(self.now().wall);
        let (service, caller, update) = (self.clone(), caller.clone(), Arc::new(update));
        let write = move |tx: &mut Tx| -> Result<Committed<Policy>, Stopped<Policy>> {
            let turn = store::rules::take_turn(tx)?;
            let before = store::policies::find(tx, &found.name)?.ok_or(Error::NotFound)?;
            // It may be another one of this name by now.
            require_over(&caller, &before)?;
            check_version(update.if_version, before.source.version())?;
            let after = update.changed(&before);
            if after == before {
                return Err(Stopped::Unchanged(Box::new(before)));
            }
            after.check().map_err(Error::from)?;
            service.check_policy(&after)?;
            let after = Policy { source: before.source.changed(), ..after };
            store::policies::update(tx, &turn, &after)?;
            let (chain, subject) = (chain_of(&after), subject(&after.name));
            let event = AuditEvent::new("policy.update", chain, origin.clone(), subject)
                .before(before.facts())
                .after(after.facts());
            Ok(tx.commit(event, after)?)
        };
        settled(self.store.write(write).await)
    }
}

impl UpdatePolicy {
    /// The policy as it is afterwards, but for its version.
    #[must_use]
    pub fn changed(&self, before: &Policy) -> Policy {
        let (update, before) = (self.clone(), before.clone());
        Policy {
            key_types: update.key_types.unwrap_or(before.key_types),
            wanted: update.wanted.unwrap_or(before.wanted),
            presented_in: update.presented_in.unwrap_or(before.presented_in),
            tokens: update.tokens.unwrap_or(before.tokens),
            cost: update.cost.unwrap_or(before.cost),
            limit: update.limit.unwrap_or(before.limit),
            limited_as: update.limited_as.unwrap_or(before.limited_as),
            envelope: update.envelope.unwrap_or(before.envelope),
            identity: update.identity.unwrap_or(before.identity),
            ..before
        }
    }
}
