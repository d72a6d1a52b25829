//! A key's schedule of rotation: which keys have one, and what setting it does.

use crate::error::Error;
use domain::{
    key::{BadSchedule, Key, MAX_EVERY_DAYS, MAX_OVERLAP_S, Rotation, Schedule},
    key_type::{KeyType, Reveal},
    time::Timestamp,
};
use store::Tx;

/// Reads the numbers of a schedule.
///
/// # Errors
/// [`Error::Invalid`] for one that is out of range.
pub fn schedule(every_days: u32, overlap_s: u32) -> Result<Schedule, Error> {
    Schedule::new(every_days, overlap_s).map_err(|bad| match bad {
        BadSchedule::Days => {
            Error::invalid("rotation.everyDays", format!("must be 1 to {MAX_EVERY_DAYS}"))
        }
        BadSchedule::Overlap => overlap(format!("must be 0 to {MAX_OVERLAP_S}, which is 30 days")),
        BadSchedule::OverlapNotShorter => {
            overlap("must be shorter than the time between two rotations".to_owned())
        }
    })
}

fn overlap(detail: String) -> Error {
    Error::invalid("rotation.overlapSeconds", detail)
}

/// The key with this schedule, its next rotation one period from `at`.
pub(super) fn scheduled(
    of_type: &KeyType,
    key: Key,
    wanted: Option<Schedule>,
    at: Timestamp,
) -> Key {
    let rotation = wanted.map(|schedule| schedule.starting(at));
    Key { rotation, secret_ends_at: secret_ends_at(of_type, rotation), ..key }
}

/// When a current secret ends that nobody rotates. One that can be read again is replaced unasked; of
/// those shown once nobody would ever see one that was made so.
pub(super) fn secret_ends_at(of_type: &KeyType, rotation: Option<Rotation>) -> Option<Timestamp> {
    rotation.filter(|_| of_type.reveal != Reveal::Recoverable).map(Rotation::secret_ends_at)
}

/// The key with another schedule, or without one; the same schedule as before keeps its instant.
///
/// # Errors
/// [`Error::Conflict`] where the type does not rotate, or the key's secret has ended already.
pub(super) fn rescheduled(
    of_type: &KeyType,
    before: &Key,
    after: Key,
    wanted: Option<Schedule>,
    at: Timestamp,
) -> Result<Key, Error> {
    if wanted == before.rotation.map(Rotation::schedule) {
        return Ok(after);
    }
    if !of_type.actions.rotate {
        let why = format!(
            "keys of type `{}` cannot be rotated, and so have no schedule for it",
            of_type.name
        );
        return Err(Error::conflict("key_type", why));
    }
    if let Some(end) = before.secret_ends_at.filter(|end| *end <= at) {
        // Another schedule would bring the dead secret back.
        let why =
            format!("the key's secret ended at {end}: rotate the key, which gives it another");
        return Err(Error::conflict("secret_ended", why));
    }
    Ok(scheduled(of_type, after, wanted, at))
}

/// Refuses a schedule by which a third secret would be due while the one before the current one works.
pub(super) fn check_running_overlap(
    tx: &mut Tx,
    before: &Key,
    after: &Key,
    at: Timestamp,
) -> Result<(), Error> {
    let Some(rotation) = after.rotation.filter(|_| before.rotation != after.rotation) else {
        return Ok(());
    };
    let secrets = store::keys::secrets_of(tx, after.id)?;
    let runs_out = secrets.iter().filter_map(|secret| secret.ends_at).find(|end| *end > at);
    match runs_out {
        Some(end) if end > rotation.due_at => {
            let why = format!(
                "the secret before the current one works until {end}, longer than until the first \
                 rotation of this schedule: retire it first"
            );
            Err(Error::conflict("overlap", why))
        }
        _ => Ok(()),
    }
}
