//! Persons: who may sign in, what they hold, and where they are signed in.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod disable;
pub(super) mod edit;
pub(super) mod enable;
mod fields;
pub(super) mod list;
pub(super) mod password;
pub(super) mod sessions;
pub(super) mod show;
pub(super) mod unlock;

use super::status::Chip;
use crate::failure::Failure;
use domain::{id::PersonId, person::Person, time::Timestamp};
use service::Error;

/// The id in an address. Anything else names nobody.
fn id(text: &str) -> Result<PersonId, Failure> {
    PersonId::parse(text).map_err(|_| Failure::Service(Error::NotFound))
}

/// Where a person stands. `locked`: until when they are delayed after failed sign-ins.
fn chips(person: &Person, locked: Option<Timestamp>, now: Timestamp) -> Vec<Chip> {
    let mut chips = vec![Chip::switched(person.enabled)];
    if locked.is_some() {
        let when = super::when::When::maybe(locked, now);
        chips.push(Chip { when, ..Chip::plain("bad", "ban", "Locked") });
    }
    if person.must_change_password {
        chips.push(Chip::plain("soon", "clock", "Must change password"));
    }
    if person.outside.is_some() {
        chips.push(Chip::plain("calm", "plug", "Signs in elsewhere"));
    }
    chips
}
