//! Keys held against the policy that governs them, in the transaction that makes or changes them.
//!
//! What a policy counts it counts under its own lock, so that of many who make keys at once exactly as
//! many pass as there is room for (AP-06). Changes that add nothing to a count take no lock.

use crate::error::Error;
use domain::{id::Scope, key::Key, key_policy::KeyPolicy, key_type::KeyType, time::Timestamp};
use std::collections::HashMap;
use store::{
    Read, Tx,
    key_policies::{CountedOf, count_live, governing, governing_for_update, nth_newest},
};

const MINUTE_MS: i64 = 60_000;

/// What a policy has against a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Breach {
    /// It would live longer than so many days.
    Life(u32),
    /// It does not say what it is for.
    Description,
    /// There are so many already.
    Keys(u32),
    /// Its maker, or its owner, has so many already.
    KeysOfPerson(u32),
    /// So many were made within a minute.
    Pace {
        /// How many may be made.
        most: u32,
        /// Seconds until there is room again.
        retry_after_s: u32,
    },
}

impl From<Breach> for Error {
    fn from(breach: Breach) -> Self {
        match breach {
            Breach::Life(days) => Self::invalid(
                "expires",
                format!(
                    "must be at most {days} days from now: the policy for keys of this type wants it so"
                ),
            ),
            Breach::Description => Self::invalid(
                "description",
                "must say what the key is for: the policy for keys of this type wants it so",
            ),
            Breach::Keys(most) => Self::too_many_keys(format!(
                "there may be at most {most} keys of this type: delete or revoke one that nobody needs"
            )),
            Breach::KeysOfPerson(most) => Self::too_many_keys(format!(
                "there may be at most {most} keys of this type from one person or client: delete or \
                 revoke one that nobody needs"
            )),
            Breach::Pace { most, retry_after_s } => Self::TooManyNewKeys {
                detail: format!(
                    "at most {most} keys of this type may be made within a minute: the policy for keys of \
                     this type wants it so"
                ),
                retry_after_s,
            },
        }
    }
}

/// The new key as its policy lets it be: with an end, where the policy gives it one. Of a copy a later end
/// than may be is the latest that may be: nobody named it.
pub(crate) fn govern_new(
    tx: &mut Tx,
    of_type: &KeyType,
    key: &Key,
    is_copy: bool,
) -> Result<Key, Error> {
    let at = key.created_at;
    let Some(policy) = governing_for_update(tx, key.scope, &key.key_type)? else {
        return Ok(key.clone());
    };
    let latest = policy.latest_end(of_type, at).filter(|_| is_copy);
    let named = match (key.expires_at, latest) {
        (Some(end), Some(latest)) => Some(end.min(latest)),
        (end, _) => end,
    };
    let key = settled(&policy, of_type, &Key { expires_at: named, ..key.clone() }, at)?;
    if is_live(&key, at) {
        let room = Room::of(tx, &policy, [&key], at)?;
        room.admit(&key, &mut Made::default())?;
    }
    require_pace(tx, &policy, &key)?;
    Ok(key)
}

/// Checks a change: of its end, of its description, and whether it adds to what is counted. What was
/// otherwise before the policy may stay so.
pub(crate) fn govern_change(
    tx: &mut Tx,
    of_type: &KeyType,
    (before, after): (&Key, &Key),
    at: Timestamp,
) -> Result<(), Error> {
    let (ends, says) =
        (before.expires_at != after.expires_at, before.description != after.description);
    if !ends && !says {
        return Ok(());
    }
    let comes_back = is_live(after, at) && !is_live(before, at);
    let policy = match comes_back {
        true => governing_for_update(tx, after.scope, &after.key_type)?,
        false => governing(tx, after.scope, &after.key_type)?,
    };
    let Some(policy) = policy else { return Ok(()) };
    if ends && policy.check_end(of_type, after.expires_at, at).is_err() {
        return Err(too_long(&policy).into());
    }
    if says && policy.lacks_description(of_type, after.description.as_deref()) {
        return Err(Breach::Description.into());
    }
    if comes_back {
        let room = Room::of(tx, &policy, [after], at)?;
        room.admit(after, &mut Made::default())?;
    }
    Ok(())
}

/// The key with the end that the policy gives it, unless something about it may not be.
pub(crate) fn settled(
    policy: &KeyPolicy,
    of_type: &KeyType,
    key: &Key,
    at: Timestamp,
) -> Result<Key, Breach> {
    let expires_at =
        policy.end_of_new(of_type, key.expires_at, at).map_err(|_| too_long(policy))?;
    if policy.lacks_description(of_type, key.description.as_deref()) {
        return Err(Breach::Description);
    }
    Ok(Key { expires_at, ..key.clone() })
}

fn too_long(policy: &KeyPolicy) -> Breach {
    Breach::Life(policy.longest_life_days.unwrap_or_default())
}

fn require_pace(r: &mut Read, policy: &KeyPolicy, key: &Key) -> Result<(), Error> {
    let Some(most) = policy.most_new_per_minute else { return Ok(()) };
    let (at, of_type) = (key.created_at, (key.scope, key.key_type.as_str()));
    let Some(earlier) = nth_newest(r, of_type, at.plus_millis(-MINUTE_MS), most)? else {
        return Ok(());
    };
    let left_ms = earlier.plus_millis(MINUTE_MS).as_millis().saturating_sub(at.as_millis());
    let left_s = left_ms.max(1).saturating_add(999) / 1_000;
    let retry_after_s = u32::try_from(left_s).unwrap_or(u32::MAX);
    Err(Breach::Pace { most, retry_after_s }.into())
}

/// Whether a key counts: it is neither revoked nor past its end.
pub(crate) fn is_live(key: &Key, at: Timestamp) -> bool {
    !key.is_revoked(at) && key.expires_at.is_none_or(|end| end > at)
}

/// What a policy counted of the keys of one type.
pub(crate) struct Room {
    most: Option<u32>,
    most_of_person: Option<u32>,
    live: u32,
    of_person: HashMap<String, u32>,
}

/// Keys that were admitted, by scope, type and person, and stand in no count yet.
#[derive(Default)]
pub(crate) struct Made(HashMap<(Scope, String, Option<String>), u32>);

impl Room {
    /// Counts what is there beside `keys`, which are all of one scope and type.
    pub(crate) fn of<'k>(
        r: &mut Read,
        policy: &KeyPolicy,
        keys: impl IntoIterator<Item = &'k Key>,
        at: Timestamp,
    ) -> Result<Self, store::Error> {
        let mut room = Self {
            most: policy.most_keys,
            most_of_person: policy.most_keys_per_person,
            live: 0,
            of_person: HashMap::new(),
        };
        let mut counted = false;
        for key in keys {
            let of_type = (key.scope, key.key_type.as_str());
            if let (Some(most), false) = (room.most, counted) {
                room.live = count_live(r, of_type, CountedOf::Everybody, at, most)?;
            }
            counted = true;
            let (person, of) = person(key);
            if let Some(most) = room.most_of_person
                && !room.of_person.contains_key(&person)
            {
                room.of_person.insert(person, count_live(r, of_type, of, at, most)?);
            }
        }
        Ok(room)
    }

    /// Takes the key's place, if there is one.
    pub(crate) fn admit(&self, key: &Key, made: &mut Made) -> Result<(), Breach> {
        let (person, _) = person(key);
        let before = self.of_person.get(&person).copied().unwrap_or_default();
        let all = (key.scope, key.key_type.clone(), None);
        let own = (key.scope, key.key_type.clone(), Some(person));
        let more = |place| made.0.get(place).copied().unwrap_or_default();
        if let Some(most) = self.most
            && self.live.saturating_add(more(&all)) >= most
        {
            return Err(Breach::Keys(most));
        }
        if let Some(most) = self.most_of_person
            && before.saturating_add(more(&own)) >= most
        {
            return Err(Breach::KeysOfPerson(most));
        }
        for place in [all, own] {
            let count = made.0.entry(place).or_default();
            *count = count.saturating_add(1);
        }
        Ok(())
    }
}

/// Whose a key is, for counting: its owner's, or its maker's.
fn person(key: &Key) -> (String, CountedOf<'_>) {
    match key.owner {
        Some(owner) => (owner.to_string(), CountedOf::Owner(owner)),
        None => (key.created_by.clone(), CountedOf::Maker(&key.created_by)),
    }
}
