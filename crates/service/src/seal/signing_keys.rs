//! The private halves of signing keys at rest.

use super::{Keyring, SealFailed, aad::signing_key_aad};
use domain::signing::SigningKey;
use store::signing_keys::SealedPrivate;
use zeroize::Zeroizing;

impl Keyring {
    /// Seals the private half of a realm's signing key.
    ///
    /// # Errors
    /// The writing key is used up or the cipher failed.
    pub fn seal_signing_key(
        &self,
        key: &SigningKey,
        private: &[u8],
    ) -> Result<SealedPrivate, SealFailed> {
        let writer = self.writer()?;
        let sealed = writer.seal(&signing_key_aad(key, writer.n), private)?;
        Ok(SealedPrivate { generation: writer.n, sealed })
    }

    /// Opens the private half of a realm's signing key.
    ///
    /// # Errors
    /// It was sealed by a key that is not here, or for another signing key.
    pub fn open_signing_key(
        &self,
        key: &SigningKey,
        private: &SealedPrivate,
    ) -> Result<Zeroizing<Vec<u8>>, SealFailed> {
        let n = private.generation;
        self.generation(n)?.open(&signing_key_aad(key, n), &private.sealed)
    }
}
