//! What lies under an older master key, sealed anew under the one that writes. Each opens in its own
//! place alone, so that what does not belong there is not given a new seal.

use super::{
    Generation, Keyring, SealFailed,
    aad::{client_aad, issuer_aad, key_aad, named_aad, signing_key_aad},
    mac,
};
use domain::{
    id::{ClientId, IssuerId},
    signing::SigningKey,
};
use store::{
    SealedKeyRow,
    clients::ClientSecret,
    issuers::IssuerSecret,
    reseal::{NewSecret, OldSecret},
    signing_keys::SealedPrivate,
};

impl Keyring {
    /// A key's secret: its look-up value, its digest, and its text where there is one.
    ///
    /// # Errors
    /// It does not open, or the writing key is used up.
    pub(crate) fn reseal_secret(&self, old: &OldSecret) -> Result<NewSecret, SealFailed> {
        let (of, from, to) = (&old.digest, self.generation(old.digest.generation)?, self.writer()?);
        let aad = |n: i32, what: &str| key_aad(of.scope, of.key_id, &of.key_type, of.slot, n, what);
        let digest = from.open(&aad(from.n, "digest"), &of.sealed)?;
        let text = match &old.text {
            Some(sealed) => {
                let text = from.open(&aad(from.n, "secret"), sealed)?;
                Some(to.seal(&aad(to.n, "secret"), &text)?)
            }
            None => None,
        };
        Ok(NewSecret {
            generation: to.n,
            lookup: mac(&to.index, &[&digest]),
            digest: to.seal(&aad(to.n, "digest"), &digest)?,
            text,
        })
    }

    /// The secret of a client.
    ///
    /// # Errors
    /// As [`Self::reseal_secret`].
    pub(crate) fn reseal_client(
        &self,
        id: ClientId,
        old: &ClientSecret,
    ) -> Result<ClientSecret, SealFailed> {
        let (generation, sealed_digest) =
            self.reseal(old.generation, &old.sealed_digest, |n| client_aad(id, n))?;
        Ok(ClientSecret { generation, sealed_digest })
    }

    /// The secret by which an issuer knows us.
    ///
    /// # Errors
    /// As [`Self::reseal_secret`].
    pub(crate) fn reseal_issuer(
        &self,
        id: IssuerId,
        old: &IssuerSecret,
    ) -> Result<IssuerSecret, SealFailed> {
        let (generation, sealed) =
            self.reseal(old.generation, &old.sealed, |n| issuer_aad(id, n))?;
        Ok(IssuerSecret { generation, sealed })
    }

    /// The private half of a signing key.
    ///
    /// # Errors
    /// As [`Self::reseal_secret`].
    pub(crate) fn reseal_signing_key(
        &self,
        key: &SigningKey,
        old: &SealedPrivate,
    ) -> Result<SealedPrivate, SealFailed> {
        let (generation, sealed) =
            self.reseal(old.generation, &old.sealed, |n| signing_key_aad(key, n))?;
        Ok(SealedPrivate { generation, sealed })
    }

    /// A long-lived key.
    ///
    /// # Errors
    /// As [`Self::reseal_secret`].
    pub(crate) fn reseal_named(&self, old: &SealedKeyRow) -> Result<SealedKeyRow, SealFailed> {
        let (generation, sealed) =
            self.reseal(old.generation, &old.sealed, |n| named_aad(&old.name, n))?;
        Ok(SealedKeyRow { name: old.name.clone(), generation, sealed })
    }

    fn reseal(
        &self,
        from: i32,
        sealed: &[u8],
        aad: impl Fn(i32) -> Vec<u8>,
    ) -> Result<(i32, Vec<u8>), SealFailed> {
        let (from, to) = (self.generation(from)?, self.writer()?);
        let open = from.open(&aad(from.n), sealed)?;
        Ok((to.n, Generation::seal(&to, &aad(to.n), &open)?))
    }
}
