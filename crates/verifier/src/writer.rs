//! The writer: whatever changes goes through here, one change at a time, under one mutex.
//!
//! Versions decide: an update or removal that is not newer than what is known does nothing. A
//! removed key leaves a tombstone for a while, so that an update that was under way cannot bring
//! it back. What becomes of digests is in `secrets`, tokens are in `tokens`.

use crate::{
    feed::{KeyState, KeyUsage},
    index::Index,
    interned::Interner,
    limiter::States,
    names::NameWriter,
    principals::{Seat, Tenant},
    record::{Body, Kind, Print, Record},
    settings::{Likeness, Settings, TokenSettings},
    slots::{Grave, Slots},
    state::Owner,
    table::Table,
    tokens::Tokens,
    usage::Returned,
};
use domain::{
    actor::PrincipalId,
    id::{KeyId, TenantId},
};
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

/// How long a tombstone lasts: longer than any update can be under way.
const TOMBSTONE_NS: u64 = 3_600 * 1_000_000_000;

/// What only the writer knows.
pub(crate) struct Writer {
    pub(crate) slots: Slots,
    /// Key ids to slots of keys.
    ids: Table,
    /// Slots of the further secrets of the keys that have any.
    pub(crate) aliases: HashMap<KeyId, Vec<u32>>,
    /// Slots whose digest leads to another key now. The last one takes it back when that key goes.
    pub(crate) waiting: HashMap<Print, Vec<u32>>,
    tombstones: HashMap<KeyId, u32>,
    buried: Grave<KeyId>,
    settings: Interner<Settings>,
    pub(crate) token_settings: Interner<TokenSettings>,
    names: NameWriter,
    tenants: HashMap<TenantId, Arc<Tenant>>,
    pub(crate) tokens: Tokens,
    nodes: u32,
    pub(crate) keys: usize,
}

impl Writer {
    pub(crate) fn new(expected: usize, nodes: u32) -> Self {
        Self {
            slots: Slots::new(),
            ids: Table::new(expected),
            aliases: HashMap::new(),
            waiting: HashMap::new(),
            tombstones: HashMap::new(),
            buried: Grave::default(),
            settings: Interner::new(),
            token_settings: Interner::new(),
            names: NameWriter::new(),
            tenants: HashMap::new(),
            tokens: Tokens::default(),
            nodes: nodes.max(1),
            keys: 0,
        }
    }

    pub(crate) fn tenant(&mut self, id: TenantId) -> Arc<Tenant> {
        let tenant = self.tenants.entry(id);
        Arc::clone(tenant.or_insert_with(|| Arc::new(Tenant::unknown())))
    }

    /// Inserts or updates a key with all its secrets; `seat` finds the place of its owner.
    pub(crate) fn apply_key(
        &mut self,
        index: &Index,
        state: &KeyState,
        seat: impl Fn(PrincipalId) -> Arc<Seat>,
    ) {
        let key = &state.key;
        let gone = self.tombstones.get(&key.id);
        let known = self.find(index, key.id);
        if gone.is_some_and(|&version| version >= key.version)
            || known.is_some_and(|slot| self.slots.version(slot) >= key.version)
        {
            return;
        }
        let Some(settings) = self.intern(index, state, seat) else {
            return;
        };
        let Some(slot) = known.or_else(|| self.slots.obtain(index)) else {
            self.settings.release(&index.settings, settings);
            return;
        };
        let Some(record) = index.records.get(slot) else {
            return;
        };
        let current = state.secrets.iter().find(|s| s.ends_at.is_none());
        let body = Body {
            kind: Kind::Key,
            instant: key.revoked_at.or(key.ends_at()),
            revokes: key.revoked_at.is_some(),
            enabled: key.enabled,
            held: key.held_at.is_some(),
            by_secret: key.secret_ends_at.is_some() && key.ends_at() == key.secret_ends_at,
            secret_slot: current.map_or(0, |s| s.slot),
            settings,
        };
        let print = current.map_or(Print::NONE, |s| index.print(&s.digest));
        if known.is_some() {
            self.update(index, slot, state, body, print);
        } else {
            record.identify(&print, u128::from_be_bytes(*key.id.as_bytes()));
            record.set_name(self.names.keep(&index.names, &key.name));
            record.publish(body);
            self.ids.insert(index.id_tag(key.id), slot);
            self.keys += 1;
            self.put_aliases(index, slot, state, Print::NONE);
            self.place(index, print, slot);
        }
        self.slots.note(slot, key.version, print.tag);
    }

    /// Each step leaves every secret that was good and stays good answering.
    fn update(&mut self, index: &Index, slot: u32, state: &KeyState, body: Body, print: Print) {
        let Some(record) = index.records.get(slot) else {
            return;
        };
        let old_print = self.slots.print(index, slot);
        let old_body = record.body(record.stamp());
        let leftover = self.put_aliases(index, slot, state, old_print);
        if old_print != print {
            // No-op when an alias has succeeded to it.
            self.displace(index, old_print, slot);
            record.set_print(&print);
        }
        let old_name = record.name();
        let renamed = !NameWriter::is_at(&index.names, old_name, &state.key.name);
        if renamed {
            record.set_name(self.names.keep(&index.names, &state.key.name));
        }
        record.publish(body);
        if renamed {
            self.names.release(&index.names, old_name);
        }
        self.settings.release(&index.settings, old_body.settings);
        if old_print != print {
            let was_alias = leftover.iter().copied().find(|&a| self.slots.print(index, a) == print);
            match was_alias {
                Some(alias) => self.succeed(index, print, alias, slot),
                None => self.place(index, print, slot),
            }
        }
        for alias in leftover {
            self.drop_alias(index, alias);
        }
    }

    /// Removes a key and leaves a tombstone, unless a newer version of it is known.
    pub(crate) fn remove_key(&mut self, index: &Index, id: KeyId, version: u32) {
        let known = self.find(index, id);
        if known.is_some_and(|slot| self.slots.version(slot) > version) {
            return;
        }
        match self.tombstones.entry(id) {
            Entry::Occupied(mut gone) => *gone.get_mut() = version.max(*gone.get()),
            Entry::Vacant(gone) => {
                gone.insert(version);
                self.buried.bury(id);
            }
        }
        let Some((slot, record)) = known.and_then(|s| Some((s, index.records.get(s)?))) else {
            return;
        };
        let body = record.body(record.stamp());
        let print = self.slots.print(index, slot);
        self.displace(index, print, slot);
        record.publish(Body::FREE);
        self.ids.remove(index.id_tag(id), slot);
        for alias in self.aliases.remove(&id).unwrap_or_default() {
            self.drop_alias(index, alias);
        }
        self.settings.release(&index.settings, body.settings);
        self.names.release(&index.names, record.name());
        self.slots.retire(slot);
        self.keys -= 1;
    }

    fn find(&self, index: &Index, id: KeyId) -> Option<u32> {
        let bits = u128::from_be_bytes(*id.as_bytes());
        self.ids.find(index.id_tag(id), |slot| {
            let record = index.records.get(slot)?;
            (record.id_bits() == bits).then_some(slot)
        })
    }

    fn intern(
        &mut self,
        index: &Index,
        state: &KeyState,
        seat: impl Fn(PrincipalId) -> Arc<Seat>,
    ) -> Option<u32> {
        let key = &state.key;
        let hash = self.settings.hash_of(&Likeness(state));
        let (tenants, nodes) = (&mut self.tenants, self.nodes);
        let make = || {
            let unknown = || Arc::new(Tenant::unknown());
            let tenant = |id| Arc::clone(tenants.entry(id).or_insert_with(unknown));
            let owner = key.owner.map(|o| seat(PrincipalId::Person(o)));
            Settings::of(state, nodes, key.scope.tenant().map(tenant), owner)
        };
        let same = |s: &Settings| s.are_of(state);
        self.settings.intern(&index.settings, hash, same, make)
    }

    /// Frees what has rested long enough, and the usage states of slots that change hands.
    pub(crate) fn sweep(&mut self, index: &Index, states: &States, left: &Returned, mono_ns: u64) {
        self.slots.sweep(mono_ns, |slot| {
            if let Some(record) = index.records.get(slot) {
                clear_state(states, left, slot, record);
            }
        });
        for id in self.buried.due(mono_ns, TOMBSTONE_NS) {
            self.tombstones.remove(&id);
        }
    }

    /// Bytes of what the writer keeps a record.
    pub(crate) fn bytes(&self) -> usize {
        self.ids.bytes() + self.slots.bytes()
    }
}

/// Takes the state from a record that will be another's; counts not drained yet are kept.
fn clear_state(states: &States, left: &Returned, slot: u32, record: &Record) {
    let id = record.key_id();
    let owner = Owner { link: &record.state, slot, id: record.low_id() };
    if let Some(counts) = states.dismantle(owner) {
        left.give_back(0, &[KeyUsage::of(id, counts)]);
    }
}
