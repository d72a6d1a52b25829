//! Where a digest leads.
//!
//! A secret may be given to a new key before this process hears that the old one is gone. Then the
//! key that was heard of last has it, the other waits, and removing either never takes the digest
//! from the one that has it.

use crate::{
    feed::KeyState,
    index::Index,
    record::{Body, Kind, Print},
    writer::Writer,
};

impl Writer {
    /// Makes the records of every secret but the current one; returns those of secrets that are
    /// no more, for the caller to drop. `of_main` is the digest that the key's own record has yet.
    pub(crate) fn put_aliases(
        &mut self,
        index: &Index,
        main: u32,
        state: &KeyState,
        of_main: Print,
    ) -> Vec<u32> {
        // Nearly every key has one secret and none before it.
        if self.aliases.is_empty() && state.secrets.len() < 2 {
            return Vec::new();
        }
        let mut old = self.aliases.remove(&state.key.id).unwrap_or_default();
        let mut kept = Vec::new();
        let current = state.secrets.iter().position(|s| s.ends_at.is_none());
        for (at, secret) in state.secrets.iter().enumerate() {
            if Some(at) == current {
                continue;
            }
            let print = index.print(&secret.digest);
            let body = Body {
                kind: Kind::Alias,
                instant: secret.ends_at,
                secret_slot: secret.slot,
                settings: main,
                ..Body::FREE
            };
            let known = old.iter().position(|&a| self.slots.print(index, a) == print);
            let slot = match known {
                Some(at) => Some(old.swap_remove(at)),
                None => self.slots.obtain(index),
            };
            let Some((slot, record)) = slot.and_then(|s| Some((s, index.records.get(s)?))) else {
                continue;
            };
            if known.is_none() {
                record.identify(&print, u128::from_be_bytes(*state.key.id.as_bytes()));
                self.slots.note(slot, 0, print.tag);
            }
            record.publish(body);
            if known.is_none() {
                if print == of_main {
                    self.succeed(index, print, main, slot);
                } else {
                    self.place(index, print, slot);
                }
            }
            kept.push(slot);
        }
        if !kept.is_empty() {
            self.aliases.insert(state.key.id, kept);
        }
        old
    }

    pub(crate) fn drop_alias(&mut self, index: &Index, slot: u32) {
        let print = self.slots.print(index, slot);
        self.displace(index, print, slot);
        if let Some(record) = index.records.get(slot) {
            record.publish(Body::FREE);
        }
        self.slots.retire(slot);
    }

    /// Leads a digest to `slot`. Another key that had it waits.
    pub(crate) fn place(&mut self, index: &Index, print: Print, slot: u32) {
        if print == Print::NONE {
            return;
        }
        match holder(index, &print) {
            None => index.digests.insert(print.tag, slot),
            Some(holder) if holder == slot => {}
            Some(holder) => {
                index.digests.lead(print.tag, holder, slot);
                self.waiting.entry(print).or_default().push(holder);
            }
        }
    }

    /// Gives `from`'s place, in the table or among those that wait, to another record of its key.
    pub(crate) fn succeed(&mut self, index: &Index, print: Print, from: u32, to: u32) {
        if let Some(waiting) = self.waiting.get_mut(&print)
            && let Some(place) = waiting.iter_mut().find(|s| **s == from)
        {
            *place = to;
        } else {
            index.digests.lead(print.tag, from, to);
        }
    }

    /// Takes a digest from `slot`, if it has it. Whoever waited last has it then.
    pub(crate) fn displace(&mut self, index: &Index, print: Print, slot: u32) {
        let Some(waiting) = self.waiting.get_mut(&print) else {
            if print != Print::NONE {
                index.digests.remove(print.tag, slot);
            }
            return;
        };
        if let Some(at) = waiting.iter().position(|&s| s == slot) {
            waiting.remove(at);
        } else if let Some(&next) = waiting.last()
            && index.digests.lead(print.tag, slot, next)
        {
            waiting.pop();
        }
        if waiting.is_empty() {
            self.waiting.remove(&print);
        }
    }
}

/// The slot that a digest leads to.
pub(crate) fn holder(index: &Index, print: &Print) -> Option<u32> {
    index.digests.find(print.tag, |slot| {
        let record = index.records.get(slot)?;
        record.matches(print).then_some(slot)
    })
}
