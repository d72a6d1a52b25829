//! What derives from one master key, and how often it has sealed.

use super::{MAX_SEALS, SealFailed, mac};
use crate::master_key::MasterKey;
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf,
};
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;
use zeroize::Zeroizing;

/// One master key's derived keys.
pub(super) struct Generation {
    pub(super) n: i32,
    pub(super) index: Zeroizing<[u8; 32]>,
    pub(super) check: [u8; 32],
    seal: RandomizedNonceKey,
    pub(super) cursor: Zeroizing<[u8; 32]>,
    pub(super) seals: Seals,
}

/// How often a key has sealed: what the database knows of all nodes, and what it does not know yet.
pub(super) struct Seals {
    pub(super) counted: AtomicU64,
    pub(super) uncounted: AtomicU64,
    pub(super) most: AtomicU64,
}

impl Generation {
    pub(super) fn derive(
        installation: Uuid,
        n: i32,
        master: &MasterKey,
    ) -> Result<Self, SealFailed> {
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
            seals: Seals {
                counted: AtomicU64::new(0),
                uncounted: AtomicU64::new(0),
                most: AtomicU64::new(MAX_SEALS),
            },
        })
    }

    /// Nonce, ciphertext and tag.
    pub(super) fn seal(&self, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealFailed> {
        if !self.seals.one_more() {
            tracing::error!(
                generation = self.n,
                "the master key is used up: `keyward master-key rotate` puts a new one before it"
            );
            return Err(SealFailed);
        }
        let mut closed = Zeroizing::new(plain.to_vec());
        let nonce = self
            .seal
            .seal_in_place_append_tag(Aad::from(aad), &mut *closed)
            .map_err(|_| SealFailed)?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + closed.len());
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&closed);
        Ok(sealed)
    }

    /// Reads what [`Self::seal`] wrote.
    pub(super) fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealFailed> {
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

impl Seals {
    pub(super) fn are_used_up(&self) -> bool {
        let uncounted = self.uncounted.load(Ordering::Relaxed);
        self.counted.load(Ordering::Relaxed).saturating_add(uncounted)
            >= self.most.load(Ordering::Relaxed)
    }

    fn one_more(&self) -> bool {
        let uncounted = self.uncounted.fetch_add(1, Ordering::Relaxed);
        self.counted.load(Ordering::Relaxed).saturating_add(uncounted)
            < self.most.load(Ordering::Relaxed)
    }
}
