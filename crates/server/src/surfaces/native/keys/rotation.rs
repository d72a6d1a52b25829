//! A key's schedule of rotation on our own wire.

use super::wire::given;
use crate::document::words;
use domain::key::{Rotation, Schedule};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::Error;
use utoipa::ToSchema;

/// The schedule of a key: a new secret every `everyDays`, the old one beside it for `overlapSeconds`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = KeyRotation)]
pub(super) struct RotationBody {
    #[schema(minimum = 1, maximum = 3650)]
    every_days: u16,
    #[schema(maximum = 2_592_000)]
    overlap_seconds: u32,
    /// When the next rotation is due.
    #[schema(value_type = words::Instant)]
    due_at: String,
}

impl RotationBody {
    pub(super) fn of(rotation: Rotation) -> Self {
        Self {
            every_days: rotation.every_days,
            overlap_seconds: rotation.overlap_s,
            due_at: rotation.due_at.to_string(),
        }
    }
}

/// A schedule that somebody asks for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = KeyRotationWanted)]
pub(super) struct Wanted {
    #[schema(minimum = 1, maximum = 3650)]
    every_days: u32,
    /// For how long the old secret works on: less than the days.
    #[schema(maximum = 2_592_000)]
    overlap_seconds: u32,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    due_at: Option<Value>,
}

impl Wanted {
    pub(super) fn read(&self) -> Result<Schedule, Error> {
        service::keys::schedule(self.every_days, self.overlap_seconds)
    }

    /// Refuses an instant that is not the one stored: it follows from the days.
    pub(super) fn agrees_with(&self, stored: Option<Rotation>) -> Result<(), Error> {
        let due_at = stored.map(|rotation| Value::from(rotation.due_at.to_string()));
        if self.due_at.is_some() && self.due_at != due_at {
            let detail = "follows from `everyDays`; leave it out, or send it as it is";
            return Err(Error::invalid("rotation.dueAt", detail));
        }
        Ok(())
    }

    /// The schedule of a new key.
    pub(super) fn of_new(&self) -> Result<Schedule, Error> {
        self.agrees_with(None)?;
        self.read()
    }
}
