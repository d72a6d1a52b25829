//! What is true of the lives of keys, said in the plainest way: lists, loops and comparisons, and
//! nothing of the program's own rules.

use super::kinds::Kind;
use domain::{secret::SecretDigest, verdict::Verdict};
use std::collections::BTreeMap;

pub(super) const SECOND: i64 = 1_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const DAY: i64 = 86_400 * SECOND;

#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    pub(super) days: i64,
    pub(super) overlap_s: i64,
    pub(super) due: i64,
}

pub(super) struct Secret {
    pub(super) text: String,
    pub(super) digest: SecretDigest,
    pub(super) made: i64,
    /// From then on it is nobody's; `None`: it is the key's current one.
    pub(super) until: Option<i64>,
}

pub(super) struct Key {
    pub(super) kind: Kind,
    pub(super) id: String,
    pub(super) secrets: Vec<Secret>,
    pub(super) enabled: bool,
    pub(super) starts: Option<i64>,
    pub(super) ends: Option<i64>,
    pub(super) revoked: Option<i64>,
    pub(super) deleted: bool,
    pub(super) schedule: Option<Schedule>,
    pub(super) held: bool,
    pub(super) acknowledged: bool,
    /// When last something but a call happened to it that counts as use.
    pub(super) active: i64,
    pub(super) used: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Standing {
    Live,
    Disabled,
    Deleted,
}

#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Policy {
    pub(super) usual: Option<i64>,
    pub(super) longest: Option<i64>,
    pub(super) unused: Option<i64>,
}

pub(super) struct Model {
    pub(super) keys: Vec<Key>,
    pub(super) tenant: Standing,
    /// Of whoever owns the personal keys.
    pub(super) owner: Standing,
    /// Minutes for which a key serves that nobody acknowledged.
    pub(super) lapse: Option<i64>,
    pub(super) policies: BTreeMap<&'static str, Policy>,
}

impl Key {
    pub(super) fn is_revoked(&self, at: i64) -> bool {
        self.revoked.is_some_and(|from| from <= at)
    }

    /// Whether it is there, and nothing that is for good has happened to it.
    pub(super) fn is_open(&self, at: i64) -> bool {
        !self.deleted && !self.is_revoked(at)
    }

    /// Nobody would see a new secret that was made unasked: the current one ends instead.
    pub(super) fn secret_end(&self) -> Option<i64> {
        let schedule = self.schedule.filter(|_| self.kind.once)?;
        Some(schedule.due + schedule.overlap_s * SECOND)
    }

    pub(super) fn end(&self) -> Option<i64> {
        [self.ends, self.secret_end()].into_iter().flatten().min()
    }

    pub(super) fn current(&self) -> &Secret {
        self.secrets.iter().find(|secret| secret.until.is_none()).unwrap()
    }

    /// Whether the secret before the current one works.
    pub(super) fn overlaps(&self, at: i64) -> bool {
        self.secrets.iter().any(|secret| secret.until.is_some_and(|until| until > at))
    }

    /// The secret before the current one, while it works.
    pub(super) fn old(&mut self, at: i64) -> Option<&mut Secret> {
        self.secrets.iter_mut().find(|secret| secret.until.is_some_and(|until| until > at))
    }

    pub(super) fn give(&mut self, text: &str, at: i64) {
        let digest = SecretDigest::of(text);
        self.secrets.push(Secret { text: text.to_owned(), digest, made: at, until: None });
    }

    pub(super) fn replace(&mut self, text: &str, overlap_s: i64, at: i64, by_schedule: bool) {
        let ended = self.secret_end().is_some_and(|end| end <= at);
        let works_until = if ended { at } else { at + overlap_s * SECOND };
        for secret in &mut self.secrets {
            match secret.until {
                None => secret.until = Some(works_until),
                Some(until) => secret.until = Some(until.min(at)),
            }
        }
        self.give(text, at);
        self.acknowledged = false;
        if let Some(schedule) = &mut self.schedule {
            if by_schedule {
                while schedule.due <= at || schedule.due < at + schedule.overlap_s * SECOND {
                    schedule.due += schedule.days * DAY;
                }
            } else {
                schedule.due = at + schedule.days * DAY;
            }
        }
        if !by_schedule && self.held {
            self.held = false;
            self.active = at;
        }
    }

    /// Instants at which its verdict may turn.
    pub(super) fn turns(&self, lapse: Option<i64>) -> Vec<i64> {
        let mut turns: Vec<i64> = [self.starts, self.ends, self.revoked, self.secret_end()]
            .into_iter()
            .chain(self.secrets.iter().map(|secret| secret.until))
            .flatten()
            .collect();
        turns.extend(lapse.map(|minutes| full_minute(self.current().made) + minutes * MINUTE));
        turns.extend(self.schedule.map(|schedule| schedule.due));
        turns.sort_unstable();
        turns.dedup();
        turns
    }
}

fn full_minute(at: i64) -> i64 {
    (0..).map(|minute| at / MINUTE * MINUTE + minute * MINUTE).find(|minute| *minute >= at).unwrap()
}

impl Model {
    pub(super) fn verdict(&self, key: &Key, secret: &Secret, at: i64) -> Verdict {
        let owner = if key.kind.name == "psk" { self.owner } else { Standing::Live };
        let nobodys = secret.until.is_some_and(|until| until <= at);
        let not_yet = key.starts.is_some_and(|starts| starts > at);
        if self.tenant == Standing::Deleted || key.deleted || nobodys {
            Verdict::NotFound
        } else if owner == Standing::Deleted || key.is_revoked(at) {
            Verdict::Revoked
        } else if !key.enabled
            || key.held
            || self.tenant == Standing::Disabled
            || owner == Standing::Disabled
            || (secret.until.is_none() && self.waits(key, full_minute(secret.made), at))
        {
            Verdict::Disabled
        } else if not_yet {
            Verdict::NotYetValid
        } else if key.end().is_some_and(|end| end <= at) {
            Verdict::Expired
        } else {
            Verdict::Valid
        }
    }

    /// Whether nobody said that the current secret is stored, for longer than may be.
    fn waits(&self, key: &Key, since: i64, at: i64) -> bool {
        let lapsed =
            self.lapse.is_some_and(|minutes| minutes == 0 || since + minutes * MINUTE <= at);
        key.kind.once && !key.acknowledged && lapsed
    }

    pub(super) fn policy(&self, kind: Kind) -> Policy {
        let of = |name: &str| self.policies.get(name).copied();
        of(kind.name).or_else(|| of("*")).unwrap_or_default()
    }

    /// The end of a key that is given `wanted`; `None`: it may not be so.
    pub(super) fn end_of(&self, kind: Kind, wanted: Option<i64>, at: i64) -> Option<Option<i64>> {
        let policy = self.policy(kind);
        if !kind.ends {
            return wanted.is_none().then_some(None);
        }
        let usual = policy.usual.or(policy.longest).map(|days| at + days * DAY);
        let end = wanted.or(usual);
        self.may_end(kind, end, at).then_some(end)
    }

    pub(super) fn may_end(&self, kind: Kind, end: Option<i64>, at: i64) -> bool {
        let latest = self.policy(kind).longest.map(|days| at + days * DAY);
        latest.is_none_or(|latest| end.is_some_and(|end| end <= latest))
    }

    pub(super) fn may_rotate(
        &mut self,
        place: usize,
        overlap_s: i64,
        end_overlap: bool,
        at: i64,
    ) -> bool {
        let key = &self.keys[place];
        let waits = overlap_s > 0 && self.waits(key, key.current().made, at);
        let too_long =
            key.schedule.is_some_and(|schedule| overlap_s * SECOND > schedule.days * DAY);
        let key = &mut self.keys[place];
        let open = key.kind.rotates && key.is_open(at);
        let third = key.old(at).is_some() && !end_overlap;
        open && !waits && !too_long && !third
    }

    pub(super) fn may_schedule(
        &mut self,
        place: usize,
        wanted: Option<(i64, i64)>,
        at: i64,
    ) -> bool {
        let key = &mut self.keys[place];
        let had = key.schedule.map(|schedule| (schedule.days, schedule.overlap_s));
        if key.deleted {
            return false;
        }
        if wanted == had {
            return true;
        }
        let ended = key.secret_end().is_some_and(|end| end <= at);
        let old = key.old(at).and_then(|old| old.until);
        let third = wanted.zip(old).is_some_and(|((days, _), until)| until > at + days * DAY);
        key.kind.rotates && key.is_open(at) && !ended && !third
    }

    pub(super) fn may_extend(&mut self, place: usize, overlap_s: i64, at: i64) -> bool {
        let key = &mut self.keys[place];
        let (until, due) = (at + overlap_s * SECOND, key.schedule.map(|schedule| schedule.due));
        key.kind.rotates
            && key.is_open(at)
            && due.is_none_or(|due| until <= due)
            && key.old(at).is_some_and(|old| old.until.is_some_and(|end| end <= until))
    }

    /// Keys that get another secret now because they are due.
    pub(super) fn due(&self, at: i64) -> Vec<usize> {
        let due = |key: &Key| {
            !key.kind.once
                && key.is_open(at)
                && self.tenant == Standing::Live
                && key.ends.is_none_or(|end| end > at)
                && key.schedule.is_some_and(|schedule| schedule.due <= at)
        };
        (0..self.keys.len()).filter(|place| due(&self.keys[*place])).collect()
    }

    /// The last instant at which something happened to a key that counts as use.
    fn last(key: &Key) -> i64 {
        [key.starts, key.used].into_iter().flatten().fold(key.active, i64::max)
    }

    /// Whether it is so close that a count to the minute could go either way.
    pub(super) fn is_close(&self, key: &Key, at: i64) -> bool {
        let since = self.policy(key.kind).unused.map(|days| at - days * DAY);
        since.is_some_and(|since| (Self::last(key) - since).abs() <= 2 * MINUTE)
    }

    pub(super) fn would_hold(&self, key: &Key, at: i64) -> bool {
        let over = key.end().is_some_and(|end| end <= at);
        let since = self.policy(key.kind).unused.map(|days| at - days * DAY);
        key.is_open(at)
            && !over
            && key.enabled
            && self.tenant == Standing::Live
            && since.is_some_and(|since| Self::last(key) <= since)
    }

    pub(super) fn would_release(&self, key: &Key, at: i64) -> bool {
        let since = self.policy(key.kind).unused.map(|days| at - days * DAY);
        key.is_open(at) && since.is_none_or(|since| Self::last(key) > since)
    }
}
