//! What readers share: records, the table that leads to them, settings and names.

use crate::{
    interned::Interned,
    names::{Copied, Names},
    record::{Body, Kind, Print, Record},
    settings::{Settings, TokenSettings},
    slab::Slab,
    table::Table,
};
use arc_swap::Guard;
use domain::{
    id::{FamilyId, KeyId},
    secret::SecretDigest,
    time::Timestamp,
};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// At most 2^30 records.
const RECORD_BITS: u32 = 30;

pub(crate) struct Index {
    pub(crate) records: Slab<Record>,
    /// Slots that were ever used: the range that a decoy is drawn from.
    pub(crate) used: AtomicU32,
    pub(crate) digests: Table,
    pub(crate) settings: Interned<Settings>,
    pub(crate) token_settings: Interned<TokenSettings>,
    pub(crate) names: Names,
    seed: [u64; 2],
}

/// A key that was found, as one consistent picture.
pub(crate) struct Sight<'i> {
    pub(crate) slot: u32,
    pub(crate) record: &'i Record,
    pub(crate) id: KeyId,
    pub(crate) body: Body,
    pub(crate) settings: Guard<Option<Arc<Settings>>>,
    /// Bytes of the name in the buffer.
    pub(crate) name_len: usize,
    pub(crate) secret_slot: u8,
    pub(crate) secret_ends_at: Option<Timestamp>,
}

impl Sight<'_> {
    /// Whether the presented secret is over; it is then answered like one that was never known.
    pub(crate) fn has_ended(&self, wall: Timestamp) -> bool {
        self.secret_ends_at.is_some_and(|at| at <= wall)
    }
}

/// A token that was found.
pub(crate) struct TokenSight {
    pub(crate) family: FamilyId,
    pub(crate) settings: Guard<Option<Arc<TokenSettings>>>,
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// What a look at one slot said.
pub(crate) enum Glance<T> {
    Seen(T),
    /// Not the one looked for, or nothing at all.
    NotIt,
    /// It was published meanwhile; to be looked at again.
    Torn,
    /// The buffer is too small for the name.
    LongName,
}

impl Index {
    pub(crate) fn new(expected: usize, seed: [u8; 16]) -> Self {
        let seed = u128::from_le_bytes(seed);
        #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
        let seed = [seed as u64, (seed >> 64) as u64];
        Self {
            records: Slab::new(RECORD_BITS),
            used: AtomicU32::new(0),
            digests: Table::new(expected),
            settings: Interned::new(),
            token_settings: Interned::new(),
            names: Names::new(),
            seed,
        }
    }

    /// What memory keeps of a digest. The tag covers all of it, under the process's seed.
    pub(crate) fn print(&self, digest: &SecretDigest) -> Print {
        let [a, b, c, d] = words(digest.as_bytes());
        let [k0, k1] = self.seed;
        let tag = fold(a ^ k0, b ^ k1) ^ fold(c ^ k1.rotate_left(32), d ^ k0.rotate_left(32));
        #[expect(clippy::cast_possible_truncation, reason = "half a word is kept")]
        Print { a, b: b as u32, tag: (fold(tag ^ k0, MIX) >> 16) as u32 }
    }

    /// Where a key's id lies in the writer's table.
    pub(crate) fn id_tag(&self, id: KeyId) -> u32 {
        let id = u128::from_be_bytes(*id.as_bytes());
        let [k0, k1] = self.seed;
        #[expect(clippy::cast_possible_truncation, reason = "halves")]
        let tag = fold((id >> 64) as u64 ^ k1, id as u64 ^ k0);
        #[expect(clippy::cast_possible_truncation, reason = "half a word is kept")]
        let tag = (fold(tag ^ k1, MIX) >> 16) as u32;
        tag
    }

    /// The key that this digest opens: `Seen`, `LongName` or `NotIt`. `ahead` is called with the
    /// record as soon as it is known, to fetch what will be needed while the rest is read.
    #[inline]
    pub(crate) fn key(
        &self,
        print: &Print,
        room: &mut [u8],
        ahead: impl Fn(&Record),
    ) -> Glance<Sight<'_>> {
        let found = self.digests.find(print.tag, |slot| {
            let record = self.records.get(slot)?;
            loop {
                match self.glance(slot, record, print, room, &ahead) {
                    Glance::NotIt => return None,
                    Glance::Torn => {}
                    seen @ (Glance::Seen(_) | Glance::LongName) => return Some(seen),
                }
            }
        });
        found.unwrap_or(Glance::NotIt)
    }

    #[inline]
    fn glance<'i>(
        &'i self,
        slot: u32,
        record: &'i Record,
        print: &Print,
        room: &mut [u8],
        ahead: impl Fn(&Record),
    ) -> Glance<Sight<'i>> {
        let stamp = record.stamp();
        if !record.matches(print) {
            return Glance::NotIt;
        }
        let body = record.body(stamp);
        match body.kind {
            Kind::Free | Kind::Token => Glance::NotIt,
            Kind::Key => {
                ahead(record);
                self.picture(slot, record, stamp, None, room)
            }
            Kind::Alias => {
                let id = record.id_words();
                let Some(main) = self.records.get(body.settings) else {
                    return Glance::Torn;
                };
                let main_stamp = main.stamp();
                let is_its_key = main.body(main_stamp).kind == Kind::Key && main.id_words() == id;
                if !record.unchanged(stamp) {
                    return Glance::Torn;
                }
                if !is_its_key {
                    return Glance::NotIt;
                }
                self.picture(body.settings, main, main_stamp, Some(body), room)
            }
        }
    }

    #[inline]
    fn picture<'i>(
        &'i self,
        slot: u32,
        record: &'i Record,
        stamp: u32,
        alias: Option<Body>,
        room: &mut [u8],
    ) -> Glance<Sight<'i>> {
        let body = record.body(stamp);
        let id = record.key_id();
        // The name before the settings: taking their guard waits for what was read before it, and
        // so the name's memory is fetched together with the state's.
        let name = self.names.copy(record.name(), room);
        let settings = self.settings.get(body.settings);
        if !record.unchanged(stamp) {
            return Glance::Torn;
        }
        match (settings, name) {
            (_, Copied::TooLong) => Glance::LongName,
            (Some(settings), Copied::Bytes(name_len)) if settings.is_some() => {
                Glance::Seen(Sight {
                    slot,
                    record,
                    id,
                    body,
                    settings,
                    name_len,
                    secret_slot: alias.unwrap_or(body).secret_slot,
                    secret_ends_at: alias.and_then(|a| a.instant),
                })
            }
            // Cannot be in a picture that held together; refusing is the safe side.
            _ => Glance::NotIt,
        }
    }

    /// The access token with this digest.
    pub(crate) fn token(&self, print: &Print) -> Option<TokenSight> {
        self.digests.find(print.tag, |slot| {
            let record = self.records.get(slot)?;
            loop {
                let stamp = record.stamp();
                if !record.matches(print) {
                    return None;
                }
                let body = record.body(stamp);
                if body.kind != Kind::Token {
                    return None;
                }
                let settings = self.token_settings.get(body.settings);
                let family = FamilyId::from_u128(record.id_bits());
                let issued_at = record.issued_at(stamp);
                if record.unchanged(stamp) {
                    return Some(TokenSight {
                        family,
                        settings: settings?,
                        issued_at: issued_at?,
                        expires_at: body.instant?,
                    });
                }
            }
        })
    }

    /// Reads two records that have nothing to do with the question, so that a miss costs what a hit
    /// costs (EN-02); what it returns means nothing.
    pub(crate) fn decoy(&self, print: &Print) -> Option<Guard<Option<Arc<Settings>>>> {
        let used = self.used.load(Ordering::Relaxed);
        let pick = |bits: u64| u32::try_from(((bits & 0xffff_ffff) * u64::from(used)) >> 32).ok();
        let first = self.records.get(pick(print.a)?)?;
        let second = self.records.get(pick(print.a >> 32)?)?;
        let other = second.matches(print);
        let stamp = first.stamp();
        let _ = std::hint::black_box((first.matches(print), other, first.unchanged(stamp)));
        let body = first.body(stamp);
        self.settings.get(body.settings)
    }

    /// Bytes of everything but settings and names.
    pub(crate) fn bytes(&self) -> usize {
        self.records.bytes() + self.digests.bytes()
    }
}

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// The two halves of a product, folded: mixes every bit into every bit.
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    let halves = (product as u64, (product >> 64) as u64);
    halves.0 ^ halves.1
}

fn words(digest: &[u8; 32]) -> [u64; 4] {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(digest.chunks_exact(8)) {
        let mut eight = [0; 8];
        eight.copy_from_slice(bytes);
        *word = u64::from_le_bytes(eight);
    }
    words
}
