//! The secret by which an issuer knows us, sealed.

use super::known::Entry;
use crate::{Service, error::Error};
use domain::{id::IssuerId, secret::Secret};
use std::sync::Arc;
use store::issuers::IssuerSecret;

impl Service {
    /// Seals a secret for its row.
    pub(crate) fn seal_issuer_secret(
        &self,
        id: IssuerId,
        secret: &Secret,
    ) -> Result<IssuerSecret, Error> {
        let sealed = self.keyring.seal_issuer_secret(id, secret);
        let (generation, sealed) = sealed.map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(IssuerSecret { generation, sealed })
    }

    /// The secret of an issuer; `None`: we are a public client.
    pub(super) async fn issuer_secret(&self, entry: &Entry) -> Result<Option<Arc<Secret>>, Error> {
        if entry.issuer.is_configured() || !entry.issuer.has_secret {
            return Ok(entry.secret.clone());
        }
        let id = entry.issuer.id;
        let found = self.store.read(move |r| store::issuers::find_secret(r, id)).await?;
        let Some(row) = found else { return Ok(None) };
        let opened = self.keyring.open_issuer_secret(id, row.generation, &row.sealed);
        let secret = opened.map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Some(Arc::new(secret)))
    }
}
