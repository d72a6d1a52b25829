//! Sealing: what protects secrets at rest.
//!
//! Index and sealing keys derive from a master key by HKDF-SHA-256 (RFC 5869), salted with the
//! installation's id. The index key makes look-ups unique without showing what they index; the
//! sealing key closes SHA-256 of every secret, so that the index key can be replaced without the
//! secret, and the text itself of recoverable ones. Associated data binds each sealed value to its
//! row. Long-lived keys (audit, head signing) are random and sealed under a name.

use crate::master_key::MasterKey;
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf,
};
use domain::{
    id::{ClientId, KeyId, Scope},
    key::Key,
    secret::{Secret, SecretDigest},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};
use store::{SealedDigest, StoredSecret};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The version of the sealed form; part of the associated data.
const FORMAT: u8 = 1;
/// Random 96-bit nonces are good for 2^32 uses of a key; half of that is the most we allow (KR-05).
const MAX_SEALS: u64 = 1 << 31;

/// Nothing could be sealed or opened; says no more, on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("sealing failed")]
pub struct SealFailed;

/// One master key's derived keys.
struct Generation {
    n: i32,
    index: Zeroizing<[u8; 32]>,
    check: [u8; 32],
    seal: RandomizedNonceKey,
    cursor: Zeroizing<[u8; 32]>,
    seals: AtomicU64,
}

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
    pub fn seal_secret(&self, key: &Key, slot: u8, secret: &Secret, keep_text: bool) -> Result<StoredSecret, SealFailed> {
        let writer = self.writer()?;
        let digest = secret.digest();
        let aad = |what| key_aad(key.scope, key.id, &key.key_type, slot, writer.n, what);
        let sealed_secret = match keep_text {
            true => Some(writer.seal(&aad("secret"), secret.expose().as_bytes())?),
            false => None,
        };
        Ok(StoredSecret {
            slot,
            lookup: mac(&writer.index, &[digest.as_bytes()]),
            generation: writer.n,
            sealed_digest: writer.seal(&aad("digest"), digest.as_bytes())?,
            sealed_secret,
            hint: domain::secret::hint(secret),
            ends_at: None,
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
    pub fn seal_client_digest(&self, id: ClientId, digest: &SecretDigest) -> Result<(i32, Vec<u8>), SealFailed> {
        let writer = self.writer()?;
        Ok((writer.n, writer.seal(&client_aad(id, writer.n), digest.as_bytes())?))
    }

    /// Opens the digest of a client's secret.
    #[must_use]
    pub fn open_client_digest(&self, id: ClientId, generation: i32, sealed: &[u8]) -> Option<SecretDigest> {
        let bytes = self.generation(generation).ok()?.open(&client_aad(id, generation), sealed).ok()?;
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
    pub fn open_named(&self, name: &str, generation: i32, sealed: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealFailed> {
        let bytes = self.generation(generation)?.open(&named_aad(name, generation), sealed)?;
        bytes.as_slice().try_into().map(Zeroizing::new).map_err(|_| SealFailed)
    }

    /// Eight bytes that bind a cursor to its tenant and route.
    #[must_use]
    pub fn cursor_tag(&self, parts: &[&[u8]]) -> [u8; 8] {
        let tag = self.writer().map_or([0; 32], |w| mac(&w.cursor, parts));
        tag.first_chunk().copied().unwrap_or_default()
    }

    /// Whether a cursor's tag is right under any key that reads.
    #[must_use]
    pub fn is_cursor_tag(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        self.generations.iter().any(|g| mac(&g.cursor, parts).first_chunk::<8>().is_some_and(|t| t.ct_eq(tag).into()))
    }
}

impl Generation {
    fn derive(installation: Uuid, n: i32, master: &MasterKey) -> Result<Self, SealFailed> {
        let derive = |purpose: &str| -> Result<Zeroizing<[u8; 32]>, SealFailed> {
            let info = format!("keyward/1/{purpose}");
            let mut out = Zeroizing::new([0; 32]);
            hkdf::Salt::new(hkdf::HKDF_SHA256, installation.as_bytes())
                .extract(master.bytes())
                .expand(&[info.as_bytes()], hkdf::HKDF_SHA256)
                .and_then(|okm| okm.fill(out.as_mut_slice()))
                .map_err(|_| SealFailed)?;
            Ok(out)
        };
        let (seal, check) = (derive("seal")?, derive("check")?);
        Ok(Self {
            n,
            index: derive("index")?,
            check: mac(&check, &[installation.as_bytes()]),
            seal: RandomizedNonceKey::new(&AES_256_GCM, seal.as_slice()).map_err(|_| SealFailed)?,
            cursor: derive("cursor")?,
            seals: AtomicU64::new(0),
        })
    }

    /// Nonce, ciphertext and tag.
    fn seal(&self, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealFailed> {
        if self.seals.fetch_add(1, Ordering::Relaxed) >= MAX_SEALS {
            return Err(SealFailed);
        }
        let mut closed = Zeroizing::new(plain.to_vec());
        let nonce = self.seal.seal_in_place_append_tag(Aad::from(aad), &mut *closed).map_err(|_| SealFailed)?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + closed.len());
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&closed);
        Ok(sealed)
    }

    fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealFailed> {
        let (nonce, closed) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealFailed)?;
        let mut open = Zeroizing::new(closed.to_vec());
        let length = self
            .seal
            .open_in_place(Nonce::from(nonce), Aad::from(aad), &mut open)
            .map_err(|_| SealFailed)?
            .len();
        open.truncate(length);
        Ok(open)
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

fn key_aad(scope: Scope, id: KeyId, key_type: &str, slot: u8, generation: i32, what: &str) -> Vec<u8> {
    let scope = scope.to_string();
    frame(&[scope.as_bytes(), id.as_bytes(), key_type.as_bytes(), &[slot], &generation.to_be_bytes(), what.as_bytes()])
}

fn client_aad(id: ClientId, generation: i32) -> Vec<u8> {
    frame(&[b"client", id.0.as_bytes(), &generation.to_be_bytes()])
}

fn named_aad(name: &str, generation: i32) -> Vec<u8> {
    frame(&[b"named", name.as_bytes(), &generation.to_be_bytes()])
}

/// The format, then each part led by its length, so that no two lists of parts look alike.
fn frame(parts: &[&[u8]]) -> Vec<u8> {
    let mut framed = vec![FORMAT];
    for part in parts {
        framed.extend_from_slice(&(part.len() as u64).to_be_bytes());
        framed.extend_from_slice(part);
    }
    framed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::Entropy;
    use domain::{allow_list::AllowList, id::TenantId, time::Timestamp};

    fn master(name: &str, fill: u8) -> MasterKey {
        MasterKey::generate(name, &Entropy::from_fn(move |b| b.fill(fill)))
    }

    fn keyring() -> Keyring {
        Keyring::derive(Uuid::from_u128(7), &[(1, &master("k1", 1))]).unwrap()
    }

    fn key(n: u8, tenant: u128) -> Key {
        Key {
            id: KeyId::from_bytes([n; 16]),
            scope: Scope::Tenant(TenantId(Uuid::from_u128(tenant))),
            key_type: "nexus".to_owned(),
            name: "a key".to_owned(),
            description: None,
            owner: None,
            permissions: Vec::new(),
            enabled: true,
            starts_at: None,
            expires_at: None,
            revoked_at: None,
            revoke_reason: None,
            limit: None,
            allow_list: AllowList::default(),
            hint: String::new(),
            acknowledged_at: None,
            created_at: Timestamp::from_millis(0),
            created_by: "nexus".to_owned(),
            version: 1,
        }
    }

    fn sealed_row(key: &Key, stored: &StoredSecret) -> SealedDigest {
        SealedDigest {
            scope: key.scope,
            key_id: key.id,
            key_type: key.key_type.clone(),
            slot: stored.slot,
            generation: stored.generation,
            sealed: stored.sealed_digest.clone(),
        }
    }

    #[test]
    fn kr_02_the_index_of_a_stolen_database_needs_a_key_that_is_not_in_it() {
        let digest = SecretDigest::of("9b7682b7-cbce-422f-9bbb-ecda85e61695");
        let other = Keyring::derive(Uuid::from_u128(7), &[(1, &master("k1", 2))]).unwrap();
        let elsewhere = Keyring::derive(Uuid::from_u128(8), &[(1, &master("k1", 1))]).unwrap();
        assert_eq!(keyring().lookups(&digest), keyring().lookups(&digest));
        assert_ne!(keyring().lookups(&digest), other.lookups(&digest));
        assert_ne!(keyring().lookups(&digest), elsewhere.lookups(&digest));
        assert!(!keyring().lookups(&digest).contains(digest.as_bytes()));
    }

    #[test]
    fn kr_04_a_sealed_secret_opens_in_its_own_row_alone() {
        let (ring, secret) = (keyring(), Secret::new("9b7682b7-cbce-422f-9bbb-ecda85e61695".to_owned()));
        let own = key(1, 1);
        let stored = ring.seal_secret(&own, 0, &secret, true).unwrap();
        assert_eq!(ring.open_secret(&own, &stored).unwrap().expose(), secret.expose());
        assert_eq!(ring.open_digest(&sealed_row(&own, &stored)), Some(secret.digest()));
        for moved in [key(2, 1), key(1, 2), Key { key_type: "ges".to_owned(), ..own.clone() }] {
            assert!(ring.open_secret(&moved, &stored).is_err());
            assert!(ring.open_digest(&sealed_row(&moved, &stored)).is_none());
        }
        let swapped = StoredSecret { sealed_secret: Some(stored.sealed_digest.clone()), ..stored.clone() };
        assert!(ring.open_secret(&own, &swapped).is_err(), "the digest must not open as the text");
        assert!(ring.open_secret(&own, &StoredSecret { slot: 1, ..stored }).is_err());
    }

    #[test]
    fn kr_04_what_is_shown_once_is_not_kept() {
        let stored = keyring().seal_secret(&key(1, 1), 0, &Secret::new("x".repeat(36)), false).unwrap();
        assert!(stored.sealed_secret.is_none());
    }

    #[test]
    fn kr_05_no_key_seals_past_its_number_of_nonces() {
        let ring = keyring();
        ring.writer().unwrap().seals.store(MAX_SEALS - 1, Ordering::Relaxed);
        assert!(ring.seal_named("audit", &[1; 32]).is_ok());
        assert_eq!(ring.seal_named("audit", &[1; 32]), Err(SealFailed));
    }

    #[test]
    fn kr_07_what_an_older_master_key_sealed_still_opens_behind_a_new_one() {
        let (old, new) = (master("k1", 1), master("k2", 2));
        let before = Keyring::derive(Uuid::from_u128(7), &[(1, &old)]).unwrap();
        let (generation, sealed) = before.seal_named("audit", &[9; 32]).unwrap();
        let after = Keyring::derive(Uuid::from_u128(7), &[(2, &new), (1, &old)]).unwrap();
        assert_eq!(*after.open_named("audit", generation, &sealed).unwrap(), [9; 32]);
        assert_eq!(after.seal_named("audit", &[9; 32]).unwrap().0, 2);
        let without = Keyring::derive(Uuid::from_u128(7), &[(2, &new)]).unwrap();
        assert!(without.open_named("audit", generation, &sealed).is_err());
        assert!(after.open_named("heads", generation, &sealed).is_err());
    }

    #[test]
    fn ti_03_a_cursor_is_bound_to_its_tenant_and_route() {
        let ring = keyring();
        let tag = ring.cursor_tag(&[b"tenant-a", b"list_keys", b"position"]);
        assert!(ring.is_cursor_tag(&[b"tenant-a", b"list_keys", b"position"], &tag));
        assert!(!ring.is_cursor_tag(&[b"tenant-b", b"list_keys", b"position"], &tag));
        assert!(!ring.is_cursor_tag(&[b"tenant-alist", b"_keys", b"position"], &tag));
    }
}
