//! Which master keys are at hand, and which of them writes.
//!
//! Whoever seals or opens takes the generations as they are at that moment; a change is one store of the
//! whole list.

use super::{Generation, Keyring, SealFailed};
use crate::master_key::MasterKey;
use arc_swap::ArcSwap;
use std::sync::{Arc, atomic::Ordering};
use uuid::Uuid;

impl Keyring {
    /// Derives the keys of every master key, given with its number; the first one writes.
    ///
    /// # Errors
    /// No master key was given.
    pub fn derive(installation: Uuid, masters: &[(i32, &MasterKey)]) -> Result<Self, SealFailed> {
        let generations = masters
            .iter()
            .map(|(n, master)| Generation::derive(installation, *n, master).map(Arc::new))
            .collect::<Result<Vec<_>, _>>()?;
        if generations.is_empty() {
            return Err(SealFailed);
        }
        Ok(Self { installation, generations: ArcSwap::from_pointee(generations) })
    }

    /// Adds a master key, which reads until it is told to write. One that is there already stays.
    ///
    /// # Errors
    /// Its keys cannot be derived.
    pub(crate) fn add(&self, n: i32, master: &MasterKey) -> Result<(), SealFailed> {
        let new = Arc::new(Generation::derive(self.installation, n, master)?);
        self.change(|held| {
            if !held.iter().any(|g| g.n == n) {
                held.push(Arc::clone(&new));
            }
        });
        Ok(())
    }

    /// Lets this master key write; nothing where it is not at hand.
    pub(crate) fn let_write(&self, n: i32) {
        if self.writing() == Some(n) {
            return;
        }
        self.change(|held| {
            if let Some(at) = held.iter().position(|g| g.n == n) {
                let own = held.remove(at);
                held.insert(0, own);
            }
        });
    }

    /// Takes a master key away, unless it writes.
    pub(crate) fn remove(&self, n: i32) {
        self.change(|held| {
            let writing = held.first().map(|g| g.n);
            held.retain(|g| g.n != n || Some(n) == writing);
        });
    }

    fn change(&self, change: impl Fn(&mut Vec<Arc<Generation>>)) {
        self.generations.rcu(|held| {
            let mut held = Vec::clone(held);
            change(&mut held);
            held
        });
    }

    /// The check value that a master key would have in this installation.
    ///
    /// # Errors
    /// Its keys cannot be derived.
    pub(crate) fn check_value_of(&self, master: &MasterKey) -> Result<[u8; 32], SealFailed> {
        Generation::derive(self.installation, 0, master).map(|generation| generation.check)
    }

    /// Goes on from what was counted before; no key seals more often than `most` times.
    pub(crate) fn count_on(&self, counted: &[(i32, u64)], most: u64) {
        for generation in self.generations.load().iter() {
            let known = counted.iter().find(|(n, _)| *n == generation.n).map_or(0, |(_, all)| *all);
            generation.seals.counted.store(known, Ordering::Relaxed);
            generation.seals.most.store(most.min(super::MAX_SEALS), Ordering::Relaxed);
            // Two thirds: there is time to prepare another one.
            if known >= most.min(super::MAX_SEALS) / 3 * 2 {
                tracing::warn!(
                    generation = generation.n,
                    seals = known,
                    "a master key has sealed most of what it may: `keyward master-key rotate` makes a new one"
                );
            }
        }
    }

    /// What each key has sealed and nobody has written yet.
    pub(crate) fn take_uncounted(&self) -> Vec<(i32, u64)> {
        let of = |g: &Arc<Generation>| (g.n, g.seals.uncounted.load(Ordering::Relaxed));
        self.generations.load().iter().map(of).filter(|(_, more)| *more > 0).collect()
    }

    /// What was taken is written: so often have all nodes sealed with this key.
    pub(crate) fn counted(&self, n: i32, more: u64, all: u64) {
        if let Ok(generation) = self.generation(n) {
            // First up, then down: in between it counts too much, never too little.
            generation.seals.counted.store(all, Ordering::Relaxed);
            generation.seals.uncounted.fetch_sub(more, Ordering::Relaxed);
        }
    }

    /// Whether the key that writes has sealed all that it may.
    pub(crate) fn is_used_up(&self) -> bool {
        self.writer().is_ok_and(|writer| writer.seals.are_used_up())
    }

    /// The number of the key that writes.
    pub(crate) fn writing(&self) -> Option<i32> {
        self.generations.load().first().map(|generation| generation.n)
    }

    /// The numbers of the keys at hand.
    #[must_use]
    pub fn numbers(&self) -> Vec<i32> {
        self.generations.load().iter().map(|generation| generation.n).collect()
    }

    pub(super) fn writer(&self) -> Result<Arc<Generation>, SealFailed> {
        self.generations.load().first().cloned().ok_or(SealFailed)
    }

    pub(super) fn generation(&self, n: i32) -> Result<Arc<Generation>, SealFailed> {
        self.generations.load().iter().find(|g| g.n == n).cloned().ok_or(SealFailed)
    }
}
