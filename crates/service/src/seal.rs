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
mod signing_keys;

use self::{
    aad::{client_aad, key_aad, named_aad},
    generation::Generation,
};
use crate::master_key::MasterKey;
use domain::{
    id::ClientId,
    key::Key,
    secret::{Secret, SecretDigest},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{fmt, sync::atomic::Ordering};
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

/// The keys of an installation: the first generation writes, all of them read.
pub struct Keyring {
    generations: Vec<Generation>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} generations)", self.generations.len())
    }
}

impl Keyring {
    /// Derives the keys of every master key, given with its number; the first one writes.
    ///
    /// # Errors
    /// No master key was given.
    pub fn derive(installation: Uuid, masters: &[(i32, &MasterKey)]) -> Result<Self, SealFailed> {
        let generations = masters
            .iter()
            .map(|(n, master)| Generation::derive(installation, *n, master))
            .collect::<Result<Vec<_>, _>>()?;
        if generations.is_empty() { Err(SealFailed) } else { Ok(Self { generations }) }
    }

    /// Goes on from what was counted before; no key seals more often than `most` times.
    pub(crate) fn count_on(&mut self, counted: &[(i32, u64)], most: u64) {
        for generation in &mut self.generations {
            let known = counted.iter().find(|(n, _)| *n == generation.n).map_or(0, |(_, all)| *all);
            generation.seals.counted.store(known, Ordering::Relaxed);
            generation.seals.most = most.min(MAX_SEALS);
            // Two thirds: there is time to prepare another one.
            if known >= generation.seals.most / 3 * 2 {
                tracing::warn!(
                    generation = generation.n,
                    seals = known,
                    "a master key has sealed most of what it may: prepare a new one"
                );
            }
        }
    }

    /// What each key has sealed and nobody has written yet.
    pub(crate) fn take_uncounted(&self) -> Vec<(i32, u64)> {
        let of = |g: &Generation| (g.n, g.seals.uncounted.load(Ordering::Relaxed));
        self.generations.iter().map(of).filter(|(_, more)| *more > 0).collect()
    }

    /// What was taken is written: so often have all nodes sealed with this key.
    pub(crate) fn counted(&self, n: i32, more: u64, all: u64) {
        if let Ok(generation) = self.generation(n) {
            // First up, then down: in between it counts too much, never too little.
            generation.seals.counted.store(all, Ordering::Relaxed);
            generation.seals.uncounted.fetch_sub(more, Ordering::Relaxed);
        }
    }

    /// The number of the key that writes.
    pub(crate) fn writing(&self) -> Option<i32> {
        self.generations.first().map(|generation| generation.n)
    }

    fn writer(&self) -> Result<&Generation, SealFailed> {
        self.generations.first().ok_or(SealFailed)
    }

    fn generation(&self, n: i32) -> Result<&Generation, SealFailed> {
        self.generations.iter().find(|g| g.n == n).ok_or(SealFailed)
    }

    /// The value that proves, without showing it, which master key a database was written with.
    #[must_use]
    pub fn check_values(&self) -> Vec<(i32, [u8; 32])> {
        self.generations.iter().map(|g| (g.n, g.check)).collect()
    }

    /// Under which look-ups a digest may be stored: the writer's first, then the older keys'.
    #[must_use]
    pub fn lookups(&self, digest: &SecretDigest) -> Vec<[u8; 32]> {
        self.generations.iter().map(|g| mac(&g.index, &[digest.as_bytes()])).collect()
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
        let sealed = self.seal_digest(key, slot, &secret.digest())?;
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
        let writer = self.writer()?;
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
        self.generations.iter().map(|g| mac(&g.cursor, parts)).collect()
    }

    /// Whether a cursor's tag is right under any key that reads.
    #[must_use]
    pub fn is_cursor_tag(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        self.generations
            .iter()
            .any(|g| mac(&g.cursor, parts).first_chunk::<8>().is_some_and(|t| t.ct_eq(tag).into()))
    }
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
