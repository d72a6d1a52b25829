//! Whether the chains that a caller may read are whole, for whoever asks through a surface.

use super::AuditCheck;
use crate::{Service, caller::Caller, error::Error, open::AUDIT, unlock::named};
use domain::{
    id::Scope,
    right::{Right, Rights},
    time::Timestamp,
};
use std::sync::Arc;
use store::{Read, audit::CheckedChain};
use tokio::sync::OwnedMutexGuard;

/// A check that was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckedAudit {
    /// The chain; `None`: all of them, and the things that they speak of.
    pub scope: Option<Scope>,
    /// When.
    pub at: Timestamp,
    /// The place of the chain's last event, as its head has it; `None` of all chains, and where the head is gone.
    pub position: Option<i64>,
    /// What was found.
    pub check: AuditCheck,
}

impl Service {
    /// Checks one chain: every event against the one before it, the end against its head, and the heads that
    /// were signed. Without a name a tenant's caller means its own, the cluster all of them; those together
    /// with the things that their events speak of. It reads everything, so a caller has few of them, and one
    /// runs at a time.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without `Audit.canRead`, [`Error::NotFound`] for a chain out of reach,
    /// [`Error::Limited`] for one check too many.
    pub async fn check_audit(
        &self,
        caller: &Caller,
        scope: Option<Scope>,
    ) -> Result<CheckedAudit, Error> {
        let needed: Rights = [Right::AuditRead].into_iter().collect();
        caller.require_rights(needed)?;
        let scope = self.listed_scope(caller, scope)?;
        let now = self.now();
        self.audit_checks.take(caller, now.mono_ns)?;
        let at = now.wall;
        let Some(of) = scope else {
            let check = self.verify_audit(&[]).await?;
            return Ok(CheckedAudit { scope, at, position: None, check });
        };
        let installation = self.store.installation().await?.ok_or(Error::NotFound)?;
        let key =
            named(&self.keyring, &installation, AUDIT).map_err(|e| Error::Internal(Box::new(e)))?;
        let turn = self.audit_turn().await;
        let CheckedChain { head, signed, report } = self
            .store
            .read(move |r: &mut Read| {
                let _turn = turn;
                store::audit::verify_chain(r, &key, of)
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        // Of a tenant that never was, nothing was ever written. A head alone that is gone is a finding.
        if head.is_none() && report.events == 0 && signed.is_empty() {
            return Err(Error::NotFound);
        }
        let check = self.checked(&report, &signed);
        Ok(CheckedAudit { scope, at, position: head.map(|head| head.position), check })
    }

    /// Waits until no other check reads the log: each holds a reader of the store, and there are few, until
    /// it has read everything.
    pub(super) async fn audit_turn(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.audit_turns).lock_owned().await
    }
}
