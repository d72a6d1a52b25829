//! The writer's side of access tokens: records of another kind in the same table.

use crate::{
    feed::TokenState,
    index::Index,
    principals::Seat,
    record::{Body, Kind, Print},
    secrets::holder,
    settings::TokenSettings,
    slots::Grave,
    writer::Writer,
};
use domain::{actor::PrincipalId, id::FamilyId, time::Timestamp};
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet},
    sync::Arc,
};

/// A removed token stays unwelcome longer than any message about it can be under way.
const TOMBSTONE_NS: u64 = 3_600 * 1_000_000_000;

#[derive(Default)]
pub(crate) struct Tokens {
    by_family: HashMap<FamilyId, Vec<u32>>,
    by_principal: HashMap<PrincipalId, HashSet<u32>>,
    /// (end, slot, the record's stamp then), the earliest end first.
    ends: BinaryHeap<Reverse<(Timestamp, u32, u32)>>,
    /// The latest instant of issue: time has come at least that far.
    newest: Option<Timestamp>,
    removed: HashSet<Print>,
    buried: Grave<Print>,
    pub(crate) count: usize,
}

impl Writer {
    /// Inserts a token; one that is known, or was removed, changes nothing.
    pub(crate) fn apply_token(
        &mut self,
        index: &Index,
        token: &TokenState,
        seat: impl Fn(PrincipalId) -> Arc<Seat>,
    ) {
        let print = index.print(&token.digest);
        if self.tokens.removed.contains(&print) || holder(index, &print).is_some() {
            return;
        }
        let hash =
            self.token_settings.hash_of(&(token.principal, token.client, token.scope.as_str()));
        let same = |s: &TokenSettings| s.are_of(token);
        let make = || TokenSettings {
            principal: (token.principal, seat(token.principal)),
            client: (token.client, seat(PrincipalId::Client(token.client))),
            scope: token.scope.as_str().into(),
        };
        let interner = &mut self.token_settings;
        let Some(settings) = interner.intern(&index.token_settings, hash, same, make) else {
            return;
        };
        let slot = self.slots.obtain(index);
        let Some((slot, record)) = slot.and_then(|s| Some((s, index.records.get(s)?))) else {
            self.token_settings.release(&index.token_settings, settings);
            return;
        };
        let body =
            Body { kind: Kind::Token, instant: Some(token.expires_at), settings, ..Body::FREE };
        record.identify(&print, token.family.as_u128());
        record.publish_token(body, token.issued_at);
        self.slots.note(slot, 0, print.tag);
        index.digests.insert(print.tag, slot);
        let tokens = &mut self.tokens;
        tokens.by_family.entry(token.family).or_default().push(slot);
        let of_principal = tokens.by_principal.entry(token.principal);
        of_principal.or_default().insert(slot);
        let end = (token.expires_at, slot, record.stamp());
        tokens.ends.push(Reverse(end));
        tokens.newest = tokens.newest.max(Some(token.issued_at));
        tokens.count += 1;
    }

    pub(crate) fn remove_token(&mut self, index: &Index, print: Print) {
        if self.tokens.removed.insert(print) {
            self.tokens.buried.bury(print);
        }
        if let Some(slot) = holder(index, &print) {
            self.drop_token(index, slot);
        }
    }

    pub(crate) fn remove_family(&mut self, index: &Index, family: FamilyId) {
        let slots = self.tokens.by_family.get(&family);
        for slot in slots.cloned().unwrap_or_default() {
            self.remove_token(index, self.slots.print(index, slot));
        }
    }

    pub(crate) fn remove_tokens_of(&mut self, index: &Index, principal: PrincipalId) {
        let slots = self.tokens.by_principal.get(&principal);
        for slot in slots.cloned().unwrap_or_default() {
            self.remove_token(index, self.slots.print(index, slot));
        }
    }

    fn drop_token(&mut self, index: &Index, slot: u32) {
        let Some(record) = index.records.get(slot) else {
            return;
        };
        let body = record.body(record.stamp());
        if body.kind != Kind::Token {
            return;
        }
        index.digests.remove(self.slots.print(index, slot).tag, slot);
        record.publish(Body::FREE);
        self.slots.retire(slot);
        let tokens = &mut self.tokens;
        tokens.count -= 1;
        let family = FamilyId::from_u128(record.id_bits());
        if let Some(of_family) = tokens.by_family.get_mut(&family) {
            of_family.retain(|s| *s != slot);
            if of_family.is_empty() {
                tokens.by_family.remove(&family);
            }
        }
        let settings = index.token_settings.get(body.settings);
        if let Some(settings) = settings.as_ref().and_then(|s| s.as_ref())
            && let Some(of_principal) = tokens.by_principal.get_mut(&settings.principal.0)
        {
            of_principal.remove(&slot);
            if of_principal.is_empty() {
                tokens.by_principal.remove(&settings.principal.0);
            }
        }
        let shared = &index.token_settings;
        self.token_settings.release(shared, body.settings);
    }

    /// Drops tokens that had ended when the newest one was issued, and old tombstones.
    pub(crate) fn sweep_tokens(&mut self, index: &Index, mono_ns: u64) {
        let newest = self.tokens.newest;
        while let Some(Reverse((end, slot, stamp))) = self.tokens.ends.peek().copied()
            && Some(end) < newest
        {
            self.tokens.ends.pop();
            // Another stamp: it went before its end, and the slot may be another's.
            if index.records.get(slot).is_some_and(|r| r.stamp() == stamp) {
                self.drop_token(index, slot);
            }
        }
        for print in self.tokens.buried.due(mono_ns, TOMBSTONE_NS) {
            self.tokens.removed.remove(&print);
        }
    }
}
