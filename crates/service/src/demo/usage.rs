//! A month of calls: by the hour in the last week, by the day before, more by day than by night and fewer at
//! weekends, with what goes wrong in any month.

use super::samples::{SampleKey, State};
use domain::{key::Key, time::Timestamp, verdict::Verdict};
use verifier::KeyUsage;

const HOUR_S: i64 = 3_600;
/// Hours that are told one by one.
const HOURS: i64 = 7 * 24;
/// Days before them.
const DAYS: i64 = 23;
/// Calls of a day in terms of those of an hour at night.
const DAY: u32 = 60;

/// When calls were counted, oldest first, and whether a whole day of them is meant.
pub(super) fn instants(now: Timestamp) -> Vec<(Timestamp, bool)> {
    // The newest of them were minutes ago.
    let hours = (0..HOURS).map(|ago| (now.plus_seconds(-ago * HOUR_S - 180), false));
    let days = (1..=DAYS).map(|ago| (now.plus_seconds(-(HOURS + ago * 24) * HOUR_S), true));
    let mut all: Vec<(Timestamp, bool)> = hours.chain(days).collect();
    all.sort_unstable_by_key(|(at, _)| *at);
    all
}

/// What a key would have been asked then, by the verdict that its state gave. `rotated_at`: from when on its
/// second secret was used.
pub(super) fn usage(
    key: &Key,
    sample: &SampleKey,
    rotated_at: Option<Timestamp>,
    (at, whole_day): (Timestamp, bool),
) -> Option<KeyUsage> {
    let calls = calls(key, sample.calls_an_hour, at, whole_day)?;
    let verdict = if key.is_revoked(at) {
        Verdict::Revoked
    } else if sample.state == State::Disabled {
        Verdict::Disabled
    } else if key.expires_at.is_some_and(|end| end <= at) {
        Verdict::Expired
    } else {
        Verdict::Valid
    };
    let passes = verdict == Verdict::Valid;
    let listed = |kind: &str| sample.allow_list.iter().any(|entry| entry.starts_with(kind));
    let share = |of: u32, there: bool| if passes && there { calls / of } else { 0 };
    let counts = Verdict::ALL.map(|v| match v {
        _ if v == verdict => calls,
        Verdict::RateLimited => share(30, sample.limit().is_some()),
        Verdict::OriginNotAllowed => share(18, listed("origin")),
        Verdict::AddressNotAllowed => share(60, listed("address")),
        Verdict::RequestNotAllowed => share(45, listed("path")),
        Verdict::InsufficientPermissions => share(80, sample.key_type == "api"),
        _ => 0,
    });
    let last_used = passes.then_some(at);
    let second = rotated_at.filter(|rotated| *rotated <= at).and(last_used);
    Some(KeyUsage { id: key.id, counts, last_used, secrets_used: [last_used, second] })
}

fn calls(key: &Key, calls_an_hour: u32, at: Timestamp, whole_day: bool) -> Option<u32> {
    if calls_an_hour == 0 || at < key.created_at {
        return None;
    }
    let hour = at.as_seconds().div_euclid(HOUR_S);
    let of_day = hour.rem_euclid(24);
    // The first day of all was a Thursday.
    let weekend = (hour.div_euclid(24) + 4).rem_euclid(7) % 6 == 0;
    let weight = match of_day {
        _ if whole_day => DAY,
        9..=11 | 14..=16 => 5,
        7..=19 => 3,
        _ => 1,
    };
    // No two days and no two hours are alike.
    let day = u32::try_from(hour.div_euclid(24).rem_euclid(7)).unwrap_or(0) * 5 % 7;
    let salt = key.id.as_bytes().first().copied().map_or(0, u32::from);
    let wave = (salt + u32::try_from(hour.rem_euclid(1_000)).unwrap_or(0) * 7) % 11;
    let calls = calls_an_hour * weight * (10 + wave) * (9 + day) / 150;
    Some(if weekend { calls / 3 } else { calls })
}
