//! Merges what became of issuers outside. What is believed of one has no part that could be taken away
//! alone: one that is gone goes, one that was changed is what its administrators made of it last.

use super::{merge::about, restoring};
use crate::{Service, error::Error};
use domain::{id::IssuerId, issuer::Issuer, secret::Secret};
use store::{Read, Tx, issuers::IssuerSecret};
use subtle::ConstantTimeEq;

impl Service {
    /// Says whether the issuer of this id is believed something else now, or nothing.
    pub(super) async fn merge_issuer(&self, newer: &Self, id: &str) -> Result<bool, Error> {
        let Ok(id) = IssuerId::parse(id) else { return Ok(false) };
        let find = move |r: &mut Read| -> Result<_, store::Error> {
            Ok((store::issuers::find_by_id(r, id)?, store::issuers::find_secret(r, id)?))
        };
        let (Some(was), had) = self.store.read(find).await? else { return Ok(false) };
        let (is, has) = newer.store.read(find).await?;
        // Compared open, and sealed here: there the same master key may have another number.
        let (had, has) = (self.opened_issuer(id, had)?, newer.opened_issuer(id, has)?);
        let unchanged = match (&had, &has) {
            (Some(had), Some(has)) => had.expose().as_bytes().ct_eq(has.expose().as_bytes()).into(),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let same = |is: &Issuer| Issuer { source: was.source, ..is.clone() } == was && unchanged;
        if is.as_ref().is_some_and(same) {
            return Ok(false);
        }
        let has = has.map(|secret| self.seal_issuer_secret(id, &secret)).transpose()?;
        let (origin, subject) = (restoring(self.now().wall), ("issuer", id.to_string()));
        self.store
            .write(move |tx: &mut Tx| {
                let Some(is) = &is else {
                    store::issuers::delete(tx, id)?;
                    let event = about("issuer.delete", was.scope, &origin, subject.clone());
                    return Ok(tx.commit(event.before(was.facts()), true)?);
                };
                let after = Issuer { source: was.source.changed(), ..is.clone() };
                store::issuers::update(tx, &after, Some(has.as_ref()))?;
                let event = about("issuer.update", was.scope, &origin, subject.clone());
                Ok(tx.commit(event.before(was.facts()).after(after.facts()), true)?)
            })
            .await
    }

    /// The secret by which an issuer knows us, where there is one.
    fn opened_issuer(
        &self,
        id: IssuerId,
        secret: Option<IssuerSecret>,
    ) -> Result<Option<Secret>, Error> {
        let open =
            |it: IssuerSecret| self.keyring.open_issuer_secret(id, it.generation, &it.sealed);
        secret.map(open).transpose().map_err(|e| Error::Internal(Box::new(e)))
    }
}
