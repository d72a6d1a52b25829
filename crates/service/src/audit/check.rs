//! Whether the chains that a caller may read are whole, for whoever asks through a surface.

use super::AuditCheck;
use crate::{Service, caller::Caller, error::Error, open::AUDIT, unlock::named};
use domain::{
    id::Scope,
    right::{Right, Rights},
    time::Timestamp,
};
use store::{
    Read,
    audit::{Report, SignedHead},
};

/// A check that was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckedAudit {
    /// The chain; `None`: all of them, and the things that they speak of.
    pub scope: Option<Scope>,
    /// When.
    pub at: Timestamp,
    /// The place of the chain's last event; `None` of all chains.
    pub position: Option<i64>,
    /// What was found.
    pub check: AuditCheck,
}

impl Service {
    /// Checks one chain: every event against the one before it, the end against its head, and the heads that
    /// were signed. Without a name a tenant's caller means its own, the cluster all of them; those together
    /// with the things that their events speak of. It reads everything, so a caller has few of them.
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
        let (head, report, signed) = self
            .store
            .read(move |r: &mut Read| -> Result<_, store::Error> {
                let head = store::audit::head(r, of)?;
                let report: Report = store::audit::verify_chain(r, &key, of)?;
                let signed: Vec<SignedHead> = store::audit::signed_heads(r, Some(of))?;
                Ok((head, report, signed))
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        // Of a tenant that never was, nothing was ever written.
        let head = head.ok_or(Error::NotFound)?;
        let check = self.checked(&report, &signed);
        Ok(CheckedAudit { scope, at, position: Some(head.position), check })
    }
}
