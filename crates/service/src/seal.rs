//! Sealing: what protects secrets at rest.
//!
//! Index and sealing keys derive from a master key by HKDF-SHA-256 (RFC 5869), salted with the
//! installation's id. The index key makes look-ups unique without showing what they index; the
//! sealing key closes SHA-256 of every secret, so that the index key can be replaced without the
//! secret, and the text itself of recoverable ones. Associated data binds each sealed value to its
//! row. Long-lived keys (audit, head signing) are random and sealed under a name.

mod aad;
mod generation;
mod issuers;
mod reseal;
mod ring;
mod signing_keys;

use self::{
    aad::{client_aad, key_aad, named_aad},
    generation::Generation,
};
use arc_swap::ArcSwap;
use domain::{
    id::ClientId,
    key::Key,
    secret::{Secret, SecretDigest},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{fmt, sync::Arc};
use store::{SealedDigest, StoredSecret};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The version of the sealed form; part of the associated data.
const FORMAT: u8 = 1;
/// Random 96-bit nonces are good for 2^32 uses of a key; half of that is the most we allow (KR-05).
pub const MAX_SEALS: u64 = 1 << 31;

/// Nothing could be sealed or opened; says no more, on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("sealing failed")]
pub struct SealFailed;

/// The keys of an installation: the first generation writes, all of them read. Which there are, and which
/// one writes, changes while they are in use (ring.rs).
pub struct Keyring {
    installation: Uuid,
    generations: ArcSwap<Vec<Arc<Generation>>>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} generations)", self.generations.load().len())
    }
}

impl Keyring {
    /// The value that proves, without showing it, which master key a database was written with.
    #[must_use]
    pub fn check_values(&self) -> Vec<(i32, [u8; 32])> {
        self.generations.load().iter().map(|g| (g.n, g.check)).collect()
    }

    /// Under which look-ups a digest may be stored: the writer's first, then the older keys'.
    #[must_use]
    pub fn lookups(&self, digest: &SecretDigest) -> Vec<[u8; 32]> {
        self.generations.load().iter().map(|g| mac(&g.index, &[digest.as_bytes()])).collect()
    }

    /// Seals a key's secret for `slot`; the text itself only if the type is recoverable.
    ///
    /// # Errors
    /// The writing key is used up or the cipher failed.
    pub fn seal_secret(
        &self,
        key: &Key,
        slot: u8,
        secret: &Secret,
        keep_text: bool,
    ) -> Result<StoredSecret, SealFailed> {
        let writer = self.writer()?;
        let sealed_secret = match keep_text {
            true => {
                let aad = key_aad(key.scope, key.id, &key.key_type, slot, writer.n, "secret");
                Some(writer.seal(&aad, secret.expose().as_bytes())?)
            }
            false => None,
        };
        let sealed = seal_digest_under(&writer, key, slot, &secret.digest())?;
        Ok(StoredSecret { sealed_secret, hint: domain::secret::hint(secret), ..sealed })
    }

    /// Seals the digest of a secret whose text nobody has here; the hint is the key's.
    ///
    /// # Errors
    /// The writing key is used up or the cipher failed.
    pub fn seal_digest(
        &self,
        key: &Key,
        slot: u8,
        digest: &SecretDigest,
    ) -> Result<StoredSecret, SealFailed> {
        seal_digest_under(&*self.writer()?, key, slot, digest)
    }

    /// Opens the digest of a stored secret; `None` if the row was not written for this place.
    #[must_use]
    pub fn open_digest(&self, row: &SealedDigest) -> Option<SecretDigest> {
        let generation = self.generation(row.generation).ok()?;
        let aad = key_aad(row.scope, row.key_id, &row.key_type, row.slot, row.generation, "digest");
        let bytes = generation.open(&aad, &row.sealed).ok()?;
        Some(SecretDigest::from_bytes(bytes.as_slice().try_into().ok()?))
    }

    /// Opens the text of a recoverable secret.
    ///
    /// # Errors
    /// The row holds no text, or was not written for this place.
    pub fn open_secret(&self, key: &Key, row: &StoredSecret) -> Result<Secret, SealFailed> {
        let sealed = row.sealed_secret.as_deref().ok_or(SealFailed)?;
        let aad = key_aad(key.scope, key.id, &key.key_type, row.slot, row.generation, "secret");
        let bytes = self.generation(row.generation)?.open(&aad, sealed)?;
        std::str::from_utf8(&bytes).map(|text| Secret::new(text.to_owned())).map_err(|_| SealFailed)
    }

    /// Seals the digest of a client's secret; returns the generation that did.
    ///
    /// # Errors
    /// The writing key is used up or the cipher failed.
    pub fn seal_client_digest(
        &self,
        id: ClientId,
        digest: &SecretDigest,
    ) -> Result<(i32, Vec<u8>), SealFailed> {
        let writer = self.writer()?;
        Ok((writer.n, writer.seal(&client_aad(id, writer.n), digest.as_bytes())?))
    }

    /// Opens the digest of a client's secret.
    #[must_use]
    pub fn open_client_digest(
        &self,
        id: ClientId,
        generation: i32,
        sealed: &[u8],
    ) -> Option<SecretDigest> {
        let bytes =
            self.generation(generation).ok()?.open(&client_aad(id, generation), sealed).ok()?;
        Some(SecretDigest::from_bytes(bytes.as_slice().try_into().ok()?))
    }

    /// Seals a long-lived key under its name; returns the generation that did.
    ///
    /// # Errors
    /// The writing key is used up or the cipher failed.
    pub fn seal_named(&self, name: &str, key: &[u8]) -> Result<(i32, Vec<u8>), SealFailed> {
        let writer = self.writer()?;
        Ok((writer.n, writer.seal(&named_aad(name, writer.n), key)?))
    }

    /// Opens a long-lived key of 32 bytes.
    ///
    /// # Errors
    /// It was sealed by a key that is not here, or under another name.
    pub fn open_named(
        &self,
        name: &str,
        generation: i32,
        sealed: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, SealFailed> {
        let bytes = self.generation(generation)?.open(&named_aad(name, generation), sealed)?;
        bytes.as_slice().try_into().map(Zeroizing::new).map_err(|_| SealFailed)
    }

    /// Eight bytes that bind a cursor to its tenant and route.
    #[must_use]
    pub fn cursor_tag(&self, parts: &[&[u8]]) -> [u8; 8] {
        let tag = self.writer().map_or([0; 32], |w| mac(&w.cursor, parts));
        tag.first_chunk().copied().unwrap_or_default()
    }

    /// MACs over a text that must not be found out from them, one for each key that reads: the
    /// writer's first.
    #[must_use]
    pub fn fingerprints(&self, parts: &[&[u8]]) -> Vec<[u8; 32]> {
        self.generations.load().iter().map(|g| mac(&g.cursor, parts)).collect()
    }

    /// Whether a cursor's tag is right under any key that reads.
    #[must_use]
    pub fn is_cursor_tag(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        self.generations
            .load()
            .iter()
            .any(|g| mac(&g.cursor, parts).first_chunk::<8>().is_some_and(|t| t.ct_eq(tag).into()))
    }
}

fn seal_digest_under(
    writer: &Generation,
    key: &Key,
    slot: u8,
    digest: &SecretDigest,
) -> Result<StoredSecret, SealFailed> {
    let aad = key_aad(key.scope, key.id, &key.key_type, slot, writer.n, "digest");
    Ok(StoredSecret {
        slot,
        lookup: mac(&writer.index, &[digest.as_bytes()]),
        generation: writer.n,
        sealed_digest: writer.seal(&aad, digest.as_bytes())?,
        sealed_secret: None,
        hint: key.hint.clone(),
        ends_at: None,
        created_at: None,
    })
}

/// HMAC-SHA-256 over parts, each led by its length.
#[must_use]
pub fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests;
