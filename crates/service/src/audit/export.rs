//! Reads one chain from its beginning, with the heads that were signed on the way: what somebody needs
//! to keep a copy elsewhere and to hold the log against it later.

use super::AuditEntry;
use crate::{Service, caller::Caller, error::Error, heads::Head};
use domain::{
    id::Scope,
    right::{Right, Rights},
};
use store::{
    Read,
    audit::{ChainHead, SignedHead},
};

/// Events of one page.
const PAGE: u32 = 500;

/// An export of a chain under way.
#[derive(Debug)]
pub struct AuditExport {
    service: Service,
    caller: Caller,
    /// Where the chain ended when the export began.
    end: ChainHead,
    /// The place of the last event that was read.
    reached: i64,
    heads: Vec<SignedHead>,
}

impl Service {
    /// Begins the export of one chain: the caller's own tenant's, or the one that a cluster caller
    /// names (without a name, the cluster's).
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without `Audit.canRead`, [`Error::NotFound`] for a chain out of reach.
    pub async fn export_audit(
        &self,
        caller: &Caller,
        scope: Option<Scope>,
    ) -> Result<AuditExport, Error> {
        let needed: Rights = [Right::AuditRead].into_iter().collect();
        caller.require_rights(needed)?;
        let scope = self.listed_scope(caller, scope)?.unwrap_or(Scope::Cluster);
        let (end, mut heads) = self
            .store
            .read(move |r: &mut Read| {
                let end = store::audit::head(r, scope)?;
                Ok((end, store::audit::signed_heads(r, Some(scope))?))
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        // Of a tenant that never was, nothing was ever written.
        let end = end.ok_or(Error::NotFound)?;
        heads.retain(|one| one.head.position <= end.position);
        heads.push(self.signed_now(end));
        let (service, caller) = (self.clone(), caller.clone());
        Ok(AuditExport { service, caller, end, reached: 0, heads })
    }

    /// The head with a signature of this instant.
    fn signed_now(&self, head: ChainHead) -> SignedHead {
        let ChainHead { scope, position, link } = head;
        let at = self.now().wall;
        let signature = self.head_signer.sign(&Head { scope, position, link, at });
        SignedHead { head, at, signature }
    }
}

impl AuditExport {
    /// The chain.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.end.scope
    }

    /// The Ed25519 key that the heads are signed by.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        self.service.head_signer.public_key()
    }

    /// The next events, oldest first; `None` at the end, which stands where it stood at the beginning.
    ///
    /// # Errors
    /// The caller lost its right meanwhile, or the store is unavailable.
    pub async fn next_page(&mut self) -> Result<Option<Vec<AuditEntry>>, Error> {
        let (scope, after, end) = (self.end.scope, self.reached, self.end.position);
        if after >= end {
            return Ok(None);
        }
        self.caller.require_rights([Right::AuditRead].into_iter().collect())?;
        let events = self
            .service
            .store
            .read(move |r: &mut Read| store::audit::chain(r, scope, after, PAGE))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let Some(last) = events.last() else { return Ok(None) };
        self.reached = last.position;
        let entry = |e: store::audit::StoredEvent| AuditEntry {
            scope: e.scope,
            position: e.position,
            text: e.text,
            link: e.link,
        };
        Ok(Some(events.into_iter().filter(|e| e.position <= end).map(entry).collect()))
    }

    /// The heads that were signed, oldest first, the last one now: each the line that was signed and
    /// its signature.
    #[must_use]
    pub fn heads(&self) -> Vec<(String, Vec<u8>)> {
        self.heads.iter().map(|one| (Head::of(one).message(), one.signature.clone())).collect()
    }
}
