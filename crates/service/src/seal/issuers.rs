//! The secrets by which issuers outside know us, at rest.

use super::{Keyring, SealFailed, aad::issuer_aad};
use domain::{id::IssuerId, secret::Secret};

impl Keyring {
    /// Seals the secret by which an issuer knows us; returns the generation that did.
    ///
    /// # Errors
    /// The writing key is used up or the cipher failed.
    pub fn seal_issuer_secret(
        &self,
        id: IssuerId,
        secret: &Secret,
    ) -> Result<(i32, Vec<u8>), SealFailed> {
        let writer = self.writer()?;
        Ok((writer.n, writer.seal(&issuer_aad(id, writer.n), secret.expose().as_bytes())?))
    }

    /// Opens the secret by which an issuer knows us.
    ///
    /// # Errors
    /// It was sealed by a key that is not here, or for another issuer.
    pub fn open_issuer_secret(
        &self,
        id: IssuerId,
        generation: i32,
        sealed: &[u8],
    ) -> Result<Secret, SealFailed> {
        let bytes = self.generation(generation)?.open(&issuer_aad(id, generation), sealed)?;
        std::str::from_utf8(&bytes).map(|text| Secret::new(text.to_owned())).map_err(|_| SealFailed)
    }
}
